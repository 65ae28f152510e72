import type { Clock, Parcel } from '@sluice/core/internal'
import { utf8Length } from '@sluice/core/internal'
import { pathOf } from '../http/endpoint'
import { claimLane } from '../outbox/claim-lane'
import type { LaneGuard } from '../outbox/lane-guard'
import type { BrowserOutbox, OutboxEntry } from '../outbox/outbox'
import { rawMark } from '../outbox/outbox'
import { takeSegmentQueues } from '../outbox/segment-queue'
import { otherLanes, takeOver } from '../outbox/take-over'

export interface Adoption {
  readonly outbox: BrowserOutbox
  readonly guard: LaneGuard
  readonly clock: Clock
  /** Segment's destination named its queue after it. */
  readonly writeKey: string
  /** Gets what can be sent as it is. */
  restore(parcel: Parcel): void
  /** Gets what has to go through the plugins first. */
  restoreRaw(id: string, json: string): void
  /** Hears of an event that was given up. */
  gaveUp(json: string, reason: unknown): void
}

/**
 * Takes over what earlier pages left unsent in storage: those of this library that are gone, and those of Segment's. It
 * is loaded when there is something to take over, which is rare.
 */
export async function adopt({ restoreRaw, gaveUp, ...adoption }: Adoption): Promise<void> {
  const { outbox, guard, clock, writeKey } = adoption
  const restore = (entries: OutboxEntry[]) => {
    for (const { id, json } of entries) {
      if (json.startsWith(rawMark)) restoreRaw(id, json.slice(rawMark.length))
      else adoption.restore(restoredParcel(id, json, gaveUp))
    }
  }
  restore(takeSegmentQueues(outbox, writeKey, clock.now()))
  for (const lane of otherLanes(outbox)) {
    await claimLane(guard, lane, () => restore(takeOver(outbox, lane)))
  }
}

// Nobody waits for an event of an earlier page.
function restoredParcel(id: string, json: string, gaveUp: Adoption['gaveUp']): Parcel {
  return {
    id,
    json,
    bytes: utf8Length(json),
    path: pathOf(typeOf(json)),
    settle(failure) {
      if (failure) gaveUp(json, failure.reason)
    },
  }
}

function typeOf(json: string): string {
  try {
    const { type } = JSON.parse(json) as { type?: unknown }
    return typeof type === 'string' ? type : 'track'
  } catch {
    return 'track'
  }
}
