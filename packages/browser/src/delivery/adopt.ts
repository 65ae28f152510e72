import type { Clock } from '@sluice/core/internal'
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
  restore(id: string, json: string, type: string): void
  /** Gets what has to go through the plugins first. */
  restoreRaw(id: string, json: string): void
  /** Hears once whether the server is well. */
  whenAnswered(run: (isWell: boolean) => void): void
}

/** How long after a page was left an answer tells how the server was then, in ms. */
const memoryMs = 60_000

/**
 * Takes over what earlier pages left unsent in storage: those of this library that are gone, and those of Segment's. It
 * is loaded when there is something to take over, which is rare.
 */
export async function adopt({ restoreRaw, ...adoption }: Adoption): Promise<void> {
  const { outbox, guard, clock, writeKey } = adoption
  const restoreOne = (id: string, json: string) => {
    if (json.startsWith(rawMark)) restoreRaw(id, json.slice(rawMark.length))
    else adoption.restore(id, json, typeOf(json))
  }
  // Nobody heard the answer to the last request of a page that was left. It has arrived if the server was well before
  // it, which the mark says, and is well right after it; otherwise it is sent again, under the same id.
  const restore = (entries: OutboxEntry[]) => {
    for (const { id, json: text } of entries) {
      const [mark, at] = /^left:(\d+):/.exec(text) ?? []
      const json = text.slice(mark?.length ?? 0)
      const isRecent = () => Math.abs(clock.now() - Number(at)) < memoryMs
      if (mark && isRecent()) {
        adoption.whenAnswered((isWell) => {
          if (isWell && isRecent()) outbox.remove(id)
          else restoreOne(id, json)
        })
      } else restoreOne(id, json)
    }
  }
  restore(takeSegmentQueues(outbox, writeKey, clock.now()))
  for (const lane of otherLanes(outbox)) {
    await claimLane(guard, lane, () => restore(takeOver(outbox, lane)))
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
