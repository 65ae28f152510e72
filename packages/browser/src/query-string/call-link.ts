import type { Analytics } from '../analytics'
import type { Context } from '../context'
import { parseQueryString } from './parse-query-string'

/** Makes the calls that a link asks for. What they send comes to its end later. */
export function callLink(analytics: Analytics, query: string): Promise<Context>[] {
  const { useQueryString } = analytics.options
  if (useQueryString === false) return []
  const patterns = typeof useQueryString === 'object' ? useQueryString : {}
  const sent: Promise<Context>[] = []
  for (const call of parseQueryString(query, patterns)) {
    if (call.method === 'setAnonymousId') analytics.setAnonymousId(call.id)
    else if (call.method === 'identify') sent.push(analytics.identify(call.id, call.traits))
    else sent.push(analytics.track(call.event, call.properties))
  }
  return sent
}
