import { type EventFilter, matchesFilter } from '../store/event-filter'
import type { EventStore } from '../store/event-store'
import type { StoredEvent } from '../store/stored-event'
import type { Arrivals } from './arrivals'
import { findNearMisses, type NearMiss } from './near-misses'

export interface WaitResult {
  matched: boolean
  events: StoredEvent[]
  /** What came closest; looked for only when too few events matched. */
  near: NearMiss[]
}

export interface WaitRequest {
  filter: EventFilter
  count: number
  timeoutMs: number
  /** Ends the wait early, with what has arrived so far. */
  signal: AbortSignal
}

const nearLimit = 10
const nearAmong = 500

/** Waits until enough events match, counting those that are there already. */
export async function waitForEvents(
  store: EventStore,
  arrivals: Arrivals,
  request: WaitRequest,
): Promise<WaitResult> {
  const { filter, count, timeoutMs, signal } = request
  const isEnough = await new Promise<boolean>((resolve) => {
    let missing = count - store.count(filter)
    if (missing <= 0 || timeoutMs <= 0 || signal.aborted) return resolve(missing <= 0)

    const settle = (enough: boolean) => {
      stopListening()
      clearTimeout(timer)
      signal.removeEventListener('abort', giveUp)
      resolve(enough)
    }
    const giveUp = () => settle(false)
    const stopListening = arrivals.listen((arrival) => {
      if (arrival.kind === 'reset') missing = count
      if (arrival.kind === 'batch')
        missing -= arrival.events.filter((event) => matchesFilter(event, filter)).length
      if (missing <= 0) settle(true)
    })
    const timer = setTimeout(giveUp, timeoutMs)
    signal.addEventListener('abort', giveUp)
  })

  const events = store.find({ after: 0, ...filter }, isEnough ? count : Math.max(count, 1))
  if (isEnough) return { matched: true, events, near: [] }
  return {
    matched: false,
    events,
    near: findNearMisses(store.find({ status: 'all' }, nearAmong), filter, nearLimit),
  }
}
