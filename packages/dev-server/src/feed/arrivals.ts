import type { Channel } from '../events/event-record'
import type { RefusalReason } from '../store/counters'
import type { StoredEvent } from '../store/stored-event'

/** Why a request did not even come to be counted: there is no such route, or no such host. */
export type MistakeReason = 'route' | 'host'

/** What a request did, told once it is settled. */
export type Arrival =
  | {
      kind: 'batch'
      route: string
      writeKey: string
      channel: Channel
      receivedAt: number
      bytes: number
      duplicates: number
      events: readonly StoredEvent[]
    }
  | {
      kind: 'refused'
      route: string
      receivedAt: number
      status: number | undefined
      reason: RefusalReason | MistakeReason
      message: string
    }
  | { kind: 'reset'; receivedAt: number }

export interface Arrivals {
  tell(arrival: Arrival): void
  /** Calls `listener` for everything told from now on; returns the way out. */
  listen(listener: (arrival: Arrival) => void): () => void
}

/** Passes on what arrives to everybody who looks: streams, waiting tests, the command line. */
export function createArrivals(): Arrivals {
  const listeners = new Set<(arrival: Arrival) => void>()
  return {
    tell(arrival) {
      for (const listener of [...listeners]) {
        try {
          listener(arrival)
        } catch (cause) {
          // An answer must not fail because somebody who only looks on did; the fault is theirs to see.
          process.emitWarning(`A listener of the dev server failed: ${String(cause)}`)
        }
      }
    },
    listen(listener) {
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
      }
    },
  }
}
