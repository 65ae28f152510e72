import type { Clock } from '../ports/clock'
import type { Lifecycle } from '../ports/lifecycle'
import type { Outbox } from '../ports/outbox'
import type { Transport } from '../ports/transport'
import type { BatchLimits } from './batcher'
import { createBatcher } from './batcher'
import type { Parcel } from './parcel'
import type { RetryPolicy } from './retry-policy'
import type { Message } from './sender'
import { createSender } from './sender'
import type { Unload } from './unload'

/** An event that did not fit into the bounded queue any more. */
export class QueueFullError extends Error {
  override readonly name = 'QueueFullError'

  constructor(limit: string) {
    super(`Event dropped: the queue of unsent events is full (${limit})`)
  }
}

export interface QueueBounds {
  /** Unsent events, at most: waiting, under way and waiting to be tried again. */
  readonly maxEvents: number
  /** The same in bytes of the encoded events. */
  readonly maxBytes: number
  /** Who has to go when there is no room. */
  readonly overflow: 'drop-newest' | 'drop-oldest'
}

export interface DeliveryOptions {
  readonly transport: Transport
  readonly clock: Clock
  readonly lifecycle: Lifecycle
  readonly outbox: Outbox
  readonly batches: BatchLimits
  readonly bounds: QueueBounds
  readonly policy: RetryPolicy
  readonly maxInFlight: number
  /** How events leave with the page, where there is one. */
  readonly unload?: Unload | undefined
  /** The request that carries these events. */
  message(parcels: readonly Parcel[], retryCount: number): Message
  /** Hears of each batch that came to its end, before its events do. */
  batchEnded(parcels: readonly Parcel[], failure?: { readonly reason: unknown }): void
}

/** Brings encoded events to the server. Everything that is added is settled once: delivered, or failed for a reason. */
export interface Delivery {
  /** `isAwaited`: somebody waits for this very event, so it should not wait for others. */
  add(parcel: Parcel, isAwaited: boolean): void
  /** Sends what is waiting as soon as there is room, whatever the limits of a batch are. */
  flush(): void
  /**
   * The page or process may end now: sends everything that is not answered, within the call, as far as it fits into
   * requests that outlive it; what is under way in such a request goes on. The rest stays.
   */
  leave(): void
  /** Ends everything that is not delivered yet. */
  fail(reason: unknown): void
  /** Unsent events, and their size in bytes. */
  readonly held: { readonly events: number; readonly bytes: number }
}

export function createDelivery(options: DeliveryOptions): Delivery {
  const { outbox, bounds } = options
  const held = { events: 0, bytes: 0 }
  /** The outbox has everything that is held. */
  let isKept = true

  const batcher = createBatcher(options.batches, options.clock, () => sender.wakeSoon())

  const sender = createSender<readonly Parcel[]>({
    ...options,
    next: batcher.take,
    split(parcels) {
      const middle = parcels.length >> 1
      if (middle === 0) return undefined
      batcher.shrinkBelow(sizeOf(parcels))
      return [parcels.slice(0, middle), parcels.slice(middle)]
    },
    join(some, others) {
      const joined = [...some, ...others]
      return sizeOf(joined) > options.batches.maxLeavingBytes ? undefined : joined
    },
    left(parcels) {
      for (const { id } of parcels) outbox.left?.(id, options.clock.now())
    },
    stayed(parcels) {
      for (const { id, json } of parcels) outbox.put(id, json)
    },
    ended(parcels, failure) {
      options.batchEnded(parcels, failure)
      for (const parcel of parcels) settle(parcel, failure)
    },
  })

  const settle = (parcel: Parcel, failure?: { readonly reason: unknown }) => {
    held.events--
    held.bytes -= parcel.bytes
    isKept ||= held.events === 0
    outbox.remove(parcel.id)
    parcel.settle(failure)
  }

  const missing = (parcel: Parcel): string | undefined => {
    if (held.events >= bounds.maxEvents) return `${bounds.maxEvents} events`
    return held.bytes + parcel.bytes > bounds.maxBytes ? `${bounds.maxBytes} bytes` : undefined
  }

  return {
    held,
    add(parcel, isAwaited) {
      for (let limit = missing(parcel); limit; limit = missing(parcel)) {
        const failure = { reason: new QueueFullError(limit) }
        const victim = bounds.overflow === 'drop-oldest' ? batcher.takeOldest() : undefined
        if (!victim) {
          parcel.settle(failure)
          return
        }
        settle(victim, failure)
      }
      held.events++
      held.bytes += parcel.bytes
      isKept = outbox.put(parcel.id, parcel.json) && isKept
      batcher.add(parcel, isAwaited)
    },
    flush: batcher.flush,
    leave() {
      batcher.flush()
      sender.leave(isKept)
    },
    fail(reason) {
      const unsent = batcher.takeAll()
      sender.fail(reason)
      for (const parcel of unsent) settle(parcel, { reason })
    },
  }
}

function sizeOf(parcels: readonly Parcel[]): number {
  return parcels.reduce((sum, { bytes }) => sum + bytes, 0)
}
