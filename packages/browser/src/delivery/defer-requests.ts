import type { PageLifecycle } from '../adapters/page-lifecycle'
import { batchBody } from '../http/event-body'
import { globalNamed } from '../past-markup'
import type { DeferredRequest, FetchLater } from './deferred-request'

/**
 * A deferred request for the events of this page, where the browser makes such requests: then they leave even when the tab
 * is killed and the visitor never returns.
 */
export async function deferRequests(
  base: string,
  writeKey: string,
  lifecycle: PageLifecycle,
): Promise<DeferredRequest | undefined> {
  const fetchLater = globalNamed('fetchLater') as FetchLater | undefined
  if (!fetchLater) return undefined
  const lazy = await import('./deferred-request').catch(() => undefined)
  const deferred = lazy?.createDeferredRequest({
    url: `${base}/b`,
    body: (jsons) => batchBody(jsons, writeKey, new Date()),
    fetchLater: (url, init) => fetchLater.call(globalThis, url, init),
  })
  // A page that sleeps may wake up again and deliver everything itself; browsers would make the request all the same.
  lifecycle.onGone((willSleep) => {
    if (willSleep) deferred?.withdraw()
  })
  return deferred
}
