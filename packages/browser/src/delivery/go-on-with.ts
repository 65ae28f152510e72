import type { Exchange, Transport } from '@sluice/core/internal'

/**
 * A transport some of whose requests were made before there was a delivery: the first request of such an event is the one
 * that is under way, or has its answer.
 */
export function goOnWith(sentAhead: Map<string, Exchange>, transport: Transport): Transport {
  return {
    exchange(request) {
      for (const [id, exchange] of sentAhead) {
        if (!request.body.includes(`"messageId":${JSON.stringify(id)}`)) continue
        sentAhead.delete(id)
        // Events that go together go in a request of their own.
        if (request.path !== '/b') return exchange
        if (!exchange.outlivesPage) exchange.abort()
      }
      return transport.exchange(request)
    },
  }
}
