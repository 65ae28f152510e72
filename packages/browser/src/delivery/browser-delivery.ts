import type { Clock, Delivery, Parcel, RetryPolicy, Transport } from '@sluice/core/internal'
import { createDelivery, unload, utf8Length } from '@sluice/core/internal'
import type { PageLifecycle } from '../adapters/page-lifecycle'
import { batchBody, singleEventBody } from '../http/event-body'
import { pathOf } from '../http/path-of'
import { withRetryCount } from '../http/retry-count'
import type { LaneGuard } from '../outbox/lane-guard'
import { isAnythingLeft } from '../outbox/left-behind'
import type { BrowserOutbox } from '../outbox/outbox'
import { takeReceipt } from '../outbox/receipts'
import type { SegmentEvent } from '../segment-event'

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
  /** Gets an event that an earlier page accepted and did not bring through its plugins. */
  restoreRaw(event: SegmentEvent): void
  /** Hears once whether the server is well, when that is known of a time after this one. */
  whenAnswered(time: number, run: (isWell: boolean) => void): void
  /** Hears of an event of an earlier page that was given up; it may be no event at all. */
  gaveUp(json: string, reason: unknown): void
}

export interface BrowserDelivery extends Delivery {
  /**
   * Takes over what dead pages have left. Resolves when all of them were looked at; if the code for it cannot be loaded,
   * everything stays for the next page.
   */
  adopt(): Promise<void>
  /** Listens no more; what is unsent stays in the outbox for another page. */
  stop(): void
}

/** Unsent events in memory, at most; storage has a bound of its own. */
const bounds = { maxEvents: 10_000, maxBytes: 16 * 1024 * 1024, overflow: 'drop-oldest' } as const

/** In ms. */
const dyingMs = 500

/** How long it takes at most from setting out for another page until this one goes away, in ms. */
const settingOutMs = 10_000

const sizes = {
  /** Several events in one request: the Tracking API takes 500 KB, envelope included. */
  maxBytes: 450 * 1024,
  /** On leaving: of the 64 KiB that browsers allow, envelope included. */
  maxLeavingBytes: 54 * 1024,
}

/** Brings a page's events to the Tracking API, or leaves them where the next page finds them. */
export function createBrowserDelivery(options: BrowserDeliveryOptions): BrowserDelivery {
  const { strategy, outbox, lifecycle, clock, writeKey } = options
  const isBatching = strategy.type === 'batching'
  const delivery = createDelivery({
    ...options,
    bounds,
    batches: isBatching
      ? { ...sizes, maxEvents: strategy.size, hardMaxEvents: 2_500, maxWaitMs: strategy.timeout }
      : { ...sizes, maxEvents: 1, hardMaxEvents: 1, maxWaitMs: 0 },
    maxInFlight: isBatching ? 1 : 8,
    unload,
    message(parcels, retryCount) {
      // Segment's libraries count an event that goes alone from its first request on.
      const count = isBatching ? retryCount : retryCount + 1
      const jsons = parcels.map(({ json }) => (retryCount > 0 ? withRetryCount(json, count) : json))
      const sentAt = new Date(clock.now())
      // On leaving, events go together that would go alone otherwise.
      return isBatching || parcels.length > 1
        ? { body: batchBody(jsons, writeKey, sentAt), path: '/b' }
        : { body: singleEventBody(jsons.join(), sentAt), path: parcels[0]?.path ?? '' }
    },
    batchEnded() {},
  })

  // Those that come back to us for a moment, when we look whose they are.
  const recalled: Parcel[] = []

  const add = (parcel: Parcel, isAwaited: boolean) => {
    const settle: Parcel['settle'] = (failure) => {
      if (failure?.reason === recalled) recalled.push(parcel)
      else parcel.settle(failure)
    }
    if (isAway && !isLeavingSoon) {
      isLeavingSoon = true
      // Before it is sent in the usual way.
      void Promise.resolve().then(() => {
        isLeavingSoon = false
        delivery.leave()
      })
    }
    delivery.add({ ...parcel, settle }, isAwaited)
  }

  // What comes now leaves at once, too.
  let isAway = false
  let isLeavingSoon = false
  let stopWaiting = () => {}
  const isBack = () => {
    isAway = false
    stopWaiting()
  }
  const leave = () => {
    isBack()
    isAway = true
    // Visitors who set out may stay: the page they asked for is a download.
    stopWaiting = clock.after(settingOutMs, () => {
      isAway = lifecycle.isHidden()
    })
    delivery.leave()
  }

  // Nobody waits for an event of an earlier page.
  const restore = (id: string, json: string, type: string) => {
    const settle: Parcel['settle'] = (failure) => {
      if (failure) options.gaveUp(json, failure.reason)
    }
    add({ id, json, bytes: utf8Length(json), path: pathOf(type), settle }, false)
  }

  let mayAdopt = false
  let failedImports = 0

  const adopt = async () => {
    mayAdopt = true
    if (!isAnythingLeft(outbox, writeKey)) return
    const lazy = await import('./adopt').catch(() => undefined)
    if (lazy) await lazy.adopt({ ...options, restore })
    // Browsers say that they are online a moment before they are; without a network, `online` is what to wait for.
    else if (lifecycle.isOnline()) {
      failedImports++
      clock.after(Math.min(1_000 * 2 ** failedImports, 60_000), adoptMore)
    }
  }

  // What could not be taken over before, for want of a network or because its page was alive.
  const adoptMore = () => {
    if (mayAdopt) void adopt()
  }

  const comeBack = () => {
    isBack()
    const missing = new Set([...outbox.entries.keys()].filter((id) => !outbox.has(id)))
    const isTaken = takeReceipt(outbox)
    if (missing.size > 0) {
      delivery.fail(recalled)
      for (const parcel of recalled.splice(0)) {
        // While this page slept, another took over what it had left, and brings it to its end.
        if (isTaken && missing.has(parcel.id)) parcel.settle()
        else add(parcel, true)
      }
    }
    adoptMore()
  }

  const stops = [
    lifecycle.onLeave(leave),
    lifecycle.onReturn(comeBack),
    lifecycle.onOnline(adoptMore),
    // The visitor may have closed another tab, which needs a moment to die.
    lifecycle.onShown(() => {
      isBack()
      clock.after(dyingMs, adoptMore)
    }),
  ]

  return {
    ...delivery,
    add,
    adopt,
    stop() {
      mayAdopt = false
      isBack()
      for (const stop of stops) stop()
      options.guard.release()
    },
  }
}
