import { isPlainObject } from '@sluice/core'

/**
 * The parameters of a query, names as they are written and values decoded. Of several with one name the last counts.
 * Applications that keep their query as an object may hand that in.
 */
export function parseQuery(query: unknown): Map<string, string> {
  const found = new Map<string, string>()
  if (isPlainObject(query)) {
    for (const key of Object.keys(query)) {
      const value = query[key]
      found.set(key, String(Array.isArray(value) ? value.at(-1) : value))
    }
  } else if (typeof query === 'string') {
    for (const pair of query.replace(/^\?/, '').split('&')) {
      // Values may hold `=`: ids in base 64 end with it.
      const [, name, value] = /^([^=]*)=?(.*)$/s.exec(pair) ?? []
      if (name) found.set(name, decode(value ?? ''))
    }
  }
  return found
}

function decode(value: string): string {
  try {
    return decodeURIComponent(value.replaceAll('+', ' '))
  } catch {
    return value
  }
}
