import type { Clock } from '../ports/clock'
import type { Parcel } from './parcel'

export interface BatchLimits {
  /** A batch is due when it holds so many events. */
  readonly maxEvents: number
  /** No batch is larger, in bytes of its events; one is due when the next event would make it so. */
  readonly maxBytes: number
  /** No batch holds more events, even when many are waiting. */
  readonly hardMaxEvents: number
  /** No batch that is sent on leaving is larger, in bytes of its events. */
  readonly maxLeavingBytes: number
  /** The longest an event waits for others, in ms. */
  readonly maxWaitMs: number
}

/**
 * Puts events together. A batch is due when it is full, heavy or late, or when somebody waits for it. Due batches are
 * taken when there is room to send them; until then more events may join, up to the byte limit. So load makes batches
 * larger, not more.
 */
export interface Batcher {
  /** `isAwaited`: somebody waits for this very event, so it should not wait for others. */
  add(parcel: Parcel, isAwaited: boolean): void
  /** Everything that waits now is due. */
  flush(): void
  /**
   * The next batch, if one is due. `room` is how many could be sent now: for the last of them, everything that waits is
   * put together if more is due than one batch holds. On leaving, so much goes along as may outlive the page.
   */
  take(room: number, isLeaving: boolean): Parcel[] | undefined
  /** Takes out the event that has waited longest. */
  takeOldest(): Parcel | undefined
  /** Takes out everything, due or not. */
  takeAll(): Parcel[]
  /** Makes no more batches as large as this, in bytes: the server does not like them. */
  shrinkBelow(bytes: number): void
}

export function createBatcher(limits: BatchLimits, clock: Clock, onDue: () => void): Batcher {
  // The front of the list is emptied bit by bit: moving the rest for each batch would take long when many wait.
  let waiting: (Parcel | undefined)[] = []
  let first = 0
  let bytes = 0
  let maxBytes = limits.maxBytes
  /** So many events from the front are due. */
  let due = 0
  let cancelTimer: (() => void) | undefined

  const count = () => waiting.length - first

  const makeAllDue = () => {
    due = count()
    if (due > 0) onDue()
  }

  const keepTime = () => {
    if (count() > due) {
      cancelTimer ??= clock.after(limits.maxWaitMs, () => {
        cancelTimer = undefined
        makeAllDue()
      })
    } else {
      cancelTimer?.()
      cancelTimer = undefined
    }
  }

  const takeUpTo = (maxCount: number, maxSize = Number.POSITIVE_INFINITY) => {
    const batch: Parcel[] = []
    let size = 0
    for (let parcel = waiting[first]; parcel && batch.length < maxCount; parcel = waiting[first]) {
      if (batch.length > 0 && size + parcel.bytes > maxSize) break
      batch.push(parcel)
      size += parcel.bytes + comma
      waiting[first++] = undefined
    }
    if (first * 2 > waiting.length) {
      waiting = waiting.slice(first)
      first = 0
    }
    bytes -= size
    due = Math.max(due - batch.length, 0)
    if (count() - due >= limits.maxEvents) due = count()
    keepTime()
    return batch
  }

  return {
    add(parcel, isAwaited) {
      if (bytes + parcel.bytes > maxBytes) makeAllDue()
      waiting.push(parcel)
      bytes += parcel.bytes + comma
      if (isAwaited || count() - due >= limits.maxEvents) makeAllDue()
      else keepTime()
    },
    flush: makeAllDue,
    take(room, isLeaving) {
      if (due === 0) return undefined
      if (isLeaving) return takeUpTo(due, Math.min(limits.maxLeavingBytes, maxBytes))
      const isCrowded = room === 1 && due > limits.maxEvents
      return takeUpTo(isCrowded ? limits.hardMaxEvents : Math.min(due, limits.maxEvents), maxBytes)
    },
    takeOldest: () => takeUpTo(1)[0],
    takeAll: () => takeUpTo(Number.POSITIVE_INFINITY),
    shrinkBelow(tooLarge) {
      maxBytes = Math.min(maxBytes, tooLarge / 2)
    },
  }
}

/** Between two events in the body. */
const comma = 1
