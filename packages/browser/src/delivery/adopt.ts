import type { Clock } from '@sluice/core/internal'
import { toError } from '@sluice/core/internal'
import { claimLane } from '../outbox/claim-lane'
import { readKept } from '../outbox/kept-event'
import type { LaneGuard } from '../outbox/lane-guard'
import type { BrowserOutbox, OutboxEntry } from '../outbox/outbox'
import { withoutMark } from '../outbox/outbox'
import { leaveReceipt } from '../outbox/receipts'
import { takeSegmentQueues } from '../outbox/segment-queue'
import { otherLanes, takeOver } from '../outbox/take-over'
import type { SegmentEvent } from '../segment-event'

export interface Adoption {
  readonly outbox: BrowserOutbox
  readonly guard: LaneGuard
  readonly clock: Clock
  /** Segment's destination named its queue after it. */
  readonly writeKey: string
  /** Gets what can be sent as it is. */
  restore(id: string, json: string, type: string): void
  /** Gets what has to go through the plugins first. */
  restoreRaw(event: SegmentEvent): void
  /** Hears once whether the server is well, when that is known of a time after this one. */
  whenAnswered(time: number, run: (isWell: boolean) => void): void
  /** Hears of what cannot be brought to its end. */
  gaveUp(json: string, reason: unknown): void
}

/** How long after a page was left an answer tells how the server was then, in ms. */
const memoryMs = 60_000

/**
 * Takes over what earlier pages left unsent in storage: those of this library that are gone, and those of Segment's. It
 * is loaded when there is something to take over, which is rare.
 */
export async function adopt({ outbox, guard, clock, writeKey, ...to }: Adoption): Promise<void> {
  // No response reached the page that was left. A browser that is closed takes such requests with
  // it, and does not say so when it is opened again. It was not closed if the visitor was on the way to this page already.
  // Then the event has arrived, if no request had failed before, which the mark says, and the server is well afterwards.
  // Otherwise it is sent again, under the same id.
  const restore = (entry: OutboxEntry) => {
    const kept = read(entry)
    if (!kept) return
    const { event, isRaw, json, leftAt } = kept
    const restoreOne = () => {
      if (isRaw) to.restoreRaw(event)
      else to.restore(entry.id, json, event.type)
    }
    const isRecent = () => Math.abs(clock.now() - leftAt) < memoryMs
    if (!(leftAt >= performance.timeOrigin && isRecent())) restoreOne()
    else
      to.whenAnswered(leftAt, (isWell) => {
        if (isWell && isRecent()) outbox.remove(entry.id)
        else restoreOne()
      })
  }
  const read = (entry: OutboxEntry) => {
    const { id, json } = entry
    try {
      const kept = readKept(entry)
      // Written anew: one text that is cut off, or followed by something, would spoil a whole batch.
      return { ...kept, json: JSON.stringify(kept.event) }
    } catch (cause) {
      outbox.remove(id)
      const reason = new Error(`The kept event ${id} is given up: ${toError(cause).message}`, { cause })
      to.gaveUp(withoutMark(json), reason)
      return undefined
    }
  }
  takeSegmentQueues(outbox, writeKey, clock.now()).forEach(restore)
  for (const lane of otherLanes(outbox)) {
    await claimLane(guard, lane, () => {
      const taken = takeOver(outbox, lane)
      leaveReceipt(outbox, lane, clock.now())
      taken.forEach(restore)
    })
  }
}
