import { isPlainObject, isString } from '@sluice/core'
import { guarded } from '../storage/guarded'

/**
 * The parameters of a query, names as they are written and values decoded. Of several with one name the last counts.
 * Applications that keep their query as an object may hand that in.
 */
export function parseQuery(query: unknown, separator: string | RegExp = /[?&]/): Map<string, string> {
  const parameters = isString(query)
    ? query.split(separator).map(readParameter)
    : Object.entries(isPlainObject(query) ? query : {}).map(readField)
  return new Map(parameters.filter(([name]) => name))
}

function readParameter(text: string): [name: string, value: string] {
  // Values may hold `=`: ids in base 64 end with it.
  const [name = '', ...parts] = text.split('=')
  const value = parts.join('=')
  return [name, guarded(() => decodeURIComponent(value.replaceAll('+', ' ')), value)]
}

function readField([name, value]: [string, unknown]): [name: string, value: string] {
  return [name, String(Array.isArray(value) ? value.at(-1) : value)]
}
