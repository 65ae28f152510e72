import { parseQuery } from '../environment/query'

/** A call that a link asks for. */
export type LinkCall =
  | { method: 'setAnonymousId'; id: string }
  | { method: 'identify'; id: string; traits: Record<string, string> }
  | { method: 'track'; event: string; properties: Record<string, string> }

/** Which ids a link may set; without a pattern, any that is not empty. */
export interface LinkPatterns {
  aid?: RegExp | undefined
  uid?: RegExp | undefined
}

/** The calls that the `ajs_` parameters of a link ask for, in the order to make them. */
export function parseQueryString(url: string, { aid = /./s, uid = /./s }: LinkPatterns = {}): LinkCall[] {
  const parameters = parseQuery(/^[^?#]*\?([^#]*)/.exec(url)?.[1], '&')
  const anonymousId = parameters.get('ajs_aid')
  const userId = parameters.get('ajs_uid')
  const event = parameters.get('ajs_event')
  const calls: LinkCall[] = []
  if (anonymousId && fits(anonymousId, aid)) calls.push({ method: 'setAnonymousId', id: anonymousId })
  if (userId && fits(userId, uid)) {
    calls.push({ method: 'identify', id: userId, traits: withPrefix('ajs_trait_', parameters) })
  }
  if (event) calls.push({ method: 'track', event, properties: withPrefix('ajs_prop_', parameters) })
  return calls
}

// `search` starts at the front every time, where `test` of a global pattern goes on from its last match.
const fits = (id: string, pattern: RegExp) => id.search(pattern) >= 0

function withPrefix(prefix: string, parameters: ReadonlyMap<string, string>): Record<string, string> {
  const named = [...parameters].filter(([name]) => name.startsWith(prefix))
  return Object.fromEntries(named.map(([name, value]) => [name.slice(prefix.length), value]))
}
