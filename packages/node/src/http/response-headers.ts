import type { HTTPResponse } from './types'

/**
 * A response's headers by their lower-case names, whatever shape the HTTP client gives them in. Never throws: the status
 * has come, and that is what counts.
 */
export function responseHeaders(response: HTTPResponse): Record<string, string> {
  const read: Record<string, string> = {}
  try {
    const { headers } = response
    if (typeof headers !== 'object' || headers === null) return read
    for (const [name, value] of entriesOf(headers)) {
      if (value !== undefined && value !== null) read[name.toLowerCase()] = String(value)
    }
  } catch {
    // No headers of any known shape; those read so far will have to do.
  }
  return read
}

function entriesOf(headers: NonNullable<HTTPResponse['headers']>): Iterable<[string, unknown]> {
  return typeof headers.entries === 'function' ? headers.entries() : Object.entries(headers)
}
