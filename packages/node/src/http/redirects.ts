import { responseHeaders } from './response-headers'
import type { HTTPResponse } from './types'

/** A server that sends us from one place to the next for longer than this is going round in circles. */
const maxRedirects = 5

/**
 * Sends a request, and again to where the server redirects it, if that is meant to carry the events along (307, 308).
 * The older redirects turn a request into one for a page: whoever follows them gets a fine answer and loses the
 * events, so those reject. Credentials are not carried to another host; the body has the write key.
 */
export async function followRedirects(
  url: string,
  headers: Record<string, string>,
  send: (url: string, headers: Record<string, string>) => Promise<HTTPResponse>,
): Promise<HTTPResponse> {
  for (let redirects = 0; redirects <= maxRedirects; redirects++) {
    const response = await send(url, headers)
    const location = redirectLocation(response)
    if (location === undefined) return response
    await (response as { body?: { cancel?(): Promise<void> } }).body?.cancel?.()
    if (response.status !== 307 && response.status !== 308) {
      throw new Error(`[${response.status}] The server redirects to ${location}: set host and path to that`)
    }
    const next = new URL(location, url)
    if (next.origin !== new URL(url).origin) headers = withoutCredentials(headers)
    url = next.href
  }
  throw new Error(`The server redirects more than ${maxRedirects} times`)
}

function redirectLocation({ status, headers }: HTTPResponse): string | undefined {
  return status >= 300 && status < 400 ? responseHeaders(headers).location : undefined
}

function withoutCredentials({ Authorization: _, ...others }: Record<string, string>): Record<string, string> {
  return others
}
