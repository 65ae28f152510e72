import type { HTTPResponse } from './types'

/** A response's headers by their lower-case names, whatever shape the HTTP client gives them in. */
export function responseHeaders(headers: HTTPResponse['headers']): Record<string, string> {
  const read: Record<string, string> = {}
  if (typeof headers !== 'object' || headers === null) return read
  for (const [name, value] of entriesOf(headers)) {
    if (value !== undefined && value !== null) read[name.toLowerCase()] = String(value)
  }
  return read
}

function entriesOf(headers: NonNullable<HTTPResponse['headers']>): Iterable<[string, unknown]> {
  return typeof headers.entries === 'function' ? headers.entries() : Object.entries(headers)
}
