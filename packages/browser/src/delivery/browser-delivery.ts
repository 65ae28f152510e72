import type { BatchLimits, Clock, Delivery, Parcel, RetryPolicy, Transport } from '@sluice/core/internal'
import { createDelivery, utf8Length } from '@sluice/core/internal'
import type { PageLifecycle } from '../adapters/page-lifecycle'
import { batchBody, singleEventBody } from '../http/event-body'
import type { LaneGuard } from '../outbox/lane-guard'
import type { BrowserOutbox, OutboxEntry } from '../outbox/outbox'

/** One request for each event, or several events in one. */
export type Strategy =
  | { readonly type: 'standard' }
  | {
      readonly type: 'batching'
      /** Events in a batch. */
      readonly size: number
      /** The longest an event waits for others, in ms. */
      readonly timeout: number
    }

export interface BrowserDeliveryOptions {
  readonly strategy: Strategy
  readonly writeKey: string
  readonly transport: Transport
  readonly policy: RetryPolicy
  readonly clock: Clock
  readonly lifecycle: PageLifecycle
  readonly outbox: BrowserOutbox
  readonly guard: LaneGuard
  /** What the page before this one left in a store that is not the outbox: events of Segment's library. */
  leftBehind(): OutboxEntry[]
}

export interface BrowserDelivery extends Delivery {
  /** Takes over what dead pages have left. Resolves when all of them were looked at. */
  adopt(): Promise<void>
  /** Listens no more; what is unsent stays in the outbox for another page. */
  stop(): void
}

/** Several events in one request: the Tracking API takes 500 KB, envelope included. */
const maxBatchBytes = 450 * 1024

/** On leaving: of the 64 KiB that browsers allow, envelope included. */
const maxLeavingBytes = 54 * 1024

/** Unsent events in memory, at most; storage has a bound of its own. */
const bounds = { maxEvents: 10_000, maxBytes: 16 * 1024 * 1024, overflow: 'drop-oldest' } as const

/** Brings a page's events to the Tracking API, or leaves them where the next page finds them. */
export function createBrowserDelivery(options: BrowserDeliveryOptions): BrowserDelivery {
  const { strategy, outbox, guard, lifecycle, clock, writeKey } = options
  const delivery = createDelivery({
    ...options,
    bounds,
    batches: limitsOf(strategy),
    maxInFlight: strategy.type === 'batching' ? 1 : 4,
    message(parcels) {
      const sentAt = new Date(clock.now())
      const [first] = parcels
      return strategy.type === 'standard' && first
        ? { body: singleEventBody(first.json, { sentAt }), path: first.path ?? '' }
        : {
            body: batchBody(
              parcels.map(({ json }) => json),
              writeKey,
              { sentAt },
            ),
            path: '/b',
          }
    },
    batchEnded() {},
  })

  guard.hold()
  const stops = [
    lifecycle.onLeave(() => delivery.leave()),
    // A page that holds on to its lane cannot sleep in the back/forward cache.
    lifecycle.onGone(guard.release),
    lifecycle.onReturn(guard.hold),
  ]

  const restore = (entries: OutboxEntry[]) => {
    for (const entry of entries) delivery.add(restoredParcel(entry), false)
  }

  return {
    ...delivery,
    async adopt() {
      restore(options.leftBehind())
      for (const lane of outbox.otherLanes()) await guard.ifDead(lane, () => restore(outbox.takeOver(lane)))
    },
    stop() {
      for (const stop of stops) stop()
      guard.release()
    },
  }
}

function limitsOf(strategy: Strategy): BatchLimits {
  const common = { maxBytes: maxBatchBytes, maxLeavingBytes }
  return strategy.type === 'standard'
    ? { ...common, maxEvents: 1, hardMaxEvents: 1, maxWaitMs: 0 }
    : { ...common, maxEvents: strategy.size, hardMaxEvents: 2_500, maxWaitMs: strategy.timeout }
}

/** Where events of a type go one by one. */
export function pathOf(type: string): string {
  return `/${type.charAt(0)}`
}

// Nobody waits for an event of an earlier page.
function restoredParcel({ id, json }: OutboxEntry): Parcel {
  return { id, json, bytes: utf8Length(json), path: pathOf(typeOf(json)), settle() {} }
}

function typeOf(json: string): string {
  try {
    const { type } = JSON.parse(json) as { type?: unknown }
    return typeof type === 'string' ? type : 'track'
  } catch {
    return 'track'
  }
}
