import { isBatch } from './request-kind'
import { responseHeaders } from './response-headers'
import type { HTTPResponse } from './types'

/** A server that sends us from one place to the next for longer than this is going round in circles. */
const maxRedirects = 5

/**
 * Sends a request, and again to where the server redirects it, if that is meant to carry the events along (307, 308).
 * The older redirects turn a request into one for a page: whoever follows them gets a fine answer and loses the
 * events, so those reject. So do redirects that lead away from http and https, or from https to http. Credentials
 * are not carried to another host: headers lose them, and token requests, whose body is one, reject.
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
    await letGo(response)
    const from = new URL(url)
    const to = targetOf(location, from)
    const isElsewhere = to.origin !== from.origin
    const why = refusal(response.status, from, to, isBatch({ headers }))
    if (why) throw new Error(`[${response.status}] The server redirects to ${shown(to)}: ${why}`)
    if (isElsewhere) headers = withoutCredentials(headers)
    url = to.href
  }
  throw new Error(`The server redirects more than ${maxRedirects} times`)
}

/** Frees the connection of a response whose body is of no use. It may be the body of a client of any make. */
async function letGo(response: HTTPResponse): Promise<void> {
  try {
    await (response as { body?: { cancel?(): Promise<void> } }).body?.cancel?.()
  } catch {}
}

function refusal(status: number, from: URL, to: URL, carriesEvents: boolean): string | undefined {
  if (!isWeb(to)) return 'that is neither http nor https'
  if (from.protocol === 'https:' && to.protocol === 'http:') return 'that is no longer https'
  if (to.username || to.password) return 'an address with a password cannot be fetched'
  const keepsBody = status === 307 || status === 308
  if (carriesEvents) return keepsBody ? undefined : 'set host and path to that'
  return keepsBody && to.origin === from.origin ? undefined : 'set oauthSettings.authServer to that'
}

/** `localhost:8080` is a URL, too; its scheme is `localhost`. */
export const isWeb = ({ protocol }: URL) => protocol === 'http:' || protocol === 'https:'

/** An address without what it may hold of secrets. */
function shown({ protocol, host, pathname }: URL): string {
  return `${protocol}${host && '//'}${host}${pathname.slice(0, 200)}`
}

function targetOf(location: string, from: URL): URL {
  try {
    return new URL(location, from)
  } catch {
    throw new Error('The server redirects to something that is no URL')
  }
}

function redirectLocation(response: HTTPResponse): string | undefined {
  const { status } = response
  return status >= 300 && status < 400 ? responseHeaders(response).location : undefined
}

function withoutCredentials({ Authorization: _, ...others }: Record<string, string>): Record<string, string> {
  return others
}
