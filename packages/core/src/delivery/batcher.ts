import { createFifo } from '../flow/fifo'
import type { Clock } from '../ports/clock'
import type { Parcel } from './parcel'

export interface BatchLimits {
  /** A batch is due when it holds so many events. */
  readonly maxEvents: number
  /** No batch is larger, in bytes of its events; one is due when the next event would make it so. */
  readonly maxBytes: number
  /** No batch holds more events, even when many are waiting. */
  readonly hardMaxEvents: number
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
  /** The next batch, if one is due. */
  take(): Parcel[] | undefined
  /** Takes out the event that has waited longest. */
  takeOldest(): Parcel | undefined
  /** Takes out everything, due or not. */
  takeAll(): Parcel[]
  /** Makes no more batches as large as this, in bytes: the server does not like them. */
  shrinkBelow(bytes: number): void
}

export function createBatcher(limits: BatchLimits, clock: Clock, onDue: () => void): Batcher {
  const waiting = createFifo<Parcel>()
  let bytes = 0
  let maxBytes = limits.maxBytes
  /** So many events from the front are due. */
  let due = 0
  let isFlushComing = false
  let cancelTimer: (() => void) | undefined

  const becomeDue = () => {
    due = waiting.length
    stopTimer()
    if (due > 0) onDue()
  }

  // Many awaited events may come in one turn: they go together.
  const becomeDueSoon = () => {
    if (isFlushComing) return
    isFlushComing = true
    void Promise.resolve().then(() => {
      isFlushComing = false
      becomeDue()
    })
  }

  const startTimer = () => {
    cancelTimer ??= clock.after(limits.maxWaitMs, () => {
      cancelTimer = undefined
      becomeDue()
    })
  }

  const stopTimer = () => {
    cancelTimer?.()
    cancelTimer = undefined
  }

  const takeUpTo = (maxCount: number, maxSize: number) => {
    const batch: Parcel[] = []
    let size = 0
    for (const parcel of waiting.items()) {
      if (batch.length === maxCount || (batch.length > 0 && size + parcel.bytes > maxSize)) break
      batch.push(parcel)
      size += parcel.bytes + comma
    }
    for (let count = batch.length; count > 0; count--) waiting.shift()
    bytes -= size
    due = waiting.length >= limits.maxEvents ? waiting.length : Math.max(due - batch.length, 0)
    if (waiting.length === 0) stopTimer()
    else if (due === 0) startTimer()
    return batch
  }

  return {
    add(parcel, isAwaited) {
      if (waiting.length > 0 && bytes + parcel.bytes > maxBytes) becomeDue()
      waiting.push(parcel)
      bytes += parcel.bytes + comma
      if (waiting.length >= limits.maxEvents) becomeDue()
      else if (isAwaited) becomeDueSoon()
      else startTimer()
    },
    flush: becomeDue,
    take: () => (due === 0 ? undefined : takeUpTo(limits.hardMaxEvents, maxBytes)),
    takeOldest: () => takeUpTo(1, maxBytes)[0],
    takeAll: () => takeUpTo(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY),
    shrinkBelow(tooLarge) {
      maxBytes = Math.max(Math.min(maxBytes, Math.floor(tooLarge / 2)), 1)
    },
  }
}

/** Between two events in the body. */
const comma = 1
