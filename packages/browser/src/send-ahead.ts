import { hostClock } from '@sluice/core/internal'
import type { Acceptor } from './acceptor'
import type { Beginning } from './beginning'
import type { EarlyRoute } from './early-route'
import { singleEventBody } from './http/event-body'
import { fetchThere } from './http/fetch-there'
import { createFetchTransport } from './http/fetch-transport'
import { pageKeepaliveBudget } from './http/page-keepalive-budget'
import { pathOf } from './http/path-of'
import type { EarlyLeave } from './leave-early'

/** Events that are sent so early, at most: as many as are under way at a time later on. */
const most = 8

/** Larger events are looked at more closely, by the client. In characters, of which one has three bytes at most. */
const longest = 150 * 1024

/**
 * Sends the first events of a page while the client still waits for the code of destinations, as the client would send
 * them: only where nothing could change, hold or drop them. Puts the requests into `sent`, by the ids of their events; the
 * client goes on with these.
 */
export function sendAhead(
  { calls, options }: Beginning,
  { api, base, encode }: EarlyRoute,
  { page }: Acceptor,
  { sent, left }: EarlyLeave,
): void {
  const { apiKey, deliveryStrategy } = api
  if (deliveryStrategy?.strategy === 'batching' || !page.lifecycle.isOnline()) return

  const transport = createFetchTransport({
    base,
    writeKey: apiKey,
    config: deliveryStrategy?.config ?? {},
    budget: pageKeepaliveBudget,
    clock: hostClock,
    isSimple: options.defaults === '2026-12',
    fetch: fetchThere,
  })

  for (const event of calls.first().slice(0, most)) {
    const { messageId: id } = event
    // What has left already is under way.
    if (!id || sent.has(id) || left.has(id)) continue
    const json = encode(event)
    if (!json || json.length > longest) continue
    try {
      const body = singleEventBody(json, new Date(hostClock.now()))
      const exchange = transport.exchange({ body, path: pathOf(event.type), retryCount: 0, isLeaving: false })
      if (!exchange) continue
      sent.set(id, exchange)
      exchange.answer.then(({ status }) => {
        if (status >= 400) page.outbox.doubt()
        else {
          // A page that dies before the client is there leaves nothing to be sent again.
          page.outbox.remove(id)
          if (sent.has(id)) sent.set(id, { ...exchange, outlivesPage: true })
        }
      }, page.outbox.doubt)
    } catch {
      // A function of the page's that throws is the client's to tell of.
    }
  }
}
