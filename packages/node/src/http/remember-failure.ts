import type { Transport } from '@sluice/core/internal'

/** A transport that knows why its last request failed, for those who give up before another one is made. */
export interface FallibleTransport extends Transport {
  /** Nothing once a request has succeeded. */
  lastFailure(): unknown
}

/** `failed` hears of each failure as well. */
export function rememberFailure(transport: Transport, failed = (_reason: unknown) => {}): FallibleTransport {
  let failure: unknown
  return {
    exchange(request) {
      const exchange = transport.exchange(request)
      exchange?.answer.then(
        ({ status, statusText }) => {
          failure = status < 400 ? undefined : new Error(`[${status}] ${statusText}`.trimEnd())
        },
        (reason) => {
          failure = reason
          failed(reason)
        },
      )
      return exchange
    },
    lastFailure: () => failure,
  }
}
