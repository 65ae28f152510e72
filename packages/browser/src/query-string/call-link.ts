import type { Context } from '../context'
import { type LinkPatterns, parseQueryString } from './parse-query-string'

/** What a link may call. */
export interface LinkTarget {
  readonly options: { readonly useQueryString?: boolean | LinkPatterns | undefined }
  setAnonymousId(id: string): unknown
  identify(id: string, traits: Record<string, string>): Promise<Context>
  track(event: string, properties: Record<string, string>): Promise<Context>
}

/** Makes the calls that a link asks for. What they send comes to its end later. */
export function callLink(analytics: LinkTarget, query: string): Promise<Context>[] {
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
