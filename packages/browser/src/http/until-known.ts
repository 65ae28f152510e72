import type { Exchange, Transport } from '@sluice/core/internal'

/** In s. */
const pause = '5'

/**
 * A transport whose address is not known yet. Until it is, it answers as a server that asks to be left alone for a moment:
 * so events wait and are kept, and no try counts.
 */
export function untilKnown(later: Promise<Transport>): Transport {
  let known: Transport | undefined
  later.then(
    (transport) => {
      known = transport
    },
    () => {},
  )
  return {
    exchange: (request) => (known ? known.exchange(request) : request.isLeaving ? undefined : notYet()),
  }
}

function notYet(): Exchange {
  const header = (name: string) => (name === 'retry-after' ? pause : undefined)
  return { answer: Promise.resolve({ status: 429, statusText: 'No address yet', header }), abort() {} }
}
