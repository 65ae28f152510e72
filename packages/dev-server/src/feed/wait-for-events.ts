import { type EventFilter, matchesFilter } from '../store/event-filter'
import type { Store } from '../store/open-store'
import type { Arrivals } from './arrivals'
import { findNearMisses, type NearMiss } from './near-misses'

export interface WaitResult {
  matched: boolean
  /** The numbers of the events that match, in order of arrival. */
  seqs: number[]
  /** What came closest; looked for only when too few events matched. */
  near: NearMiss[]
}

export interface WaitRequest {
  filter: EventFilter
  count: number
  timeoutMs: number
  /** Ends the wait with its reason: nobody is there to hear of a result. */
  signal: AbortSignal
}

const nearLimit = 10

/** Waits until enough events match, counting those that are there already. */
export async function waitForEvents(
  store: Pick<Store, 'events' | 'search' | 'waitTurn'>,
  arrivals: Arrivals,
  { filter, count, timeoutMs, signal }: WaitRequest,
): Promise<WaitResult> {
  signal.throwIfAborted()
  // What is there already is searched for, which takes its time; what arrives meanwhile is listened for.
  const upTo = store.events.lastSeq()
  let seqs: number[] = []
  let wasReset = false
  let end = () => {}
  const over = new Promise<void>((resolve) => {
    end = resolve
  })
  const stopListening = arrivals.listen((arrival) => {
    if (arrival.kind === 'reset') {
      wasReset = true
      seqs = []
    }
    if (arrival.kind !== 'batch') return
    const matching = arrival.events.filter((event) => event.seq > upTo && matchesFilter(event, filter))
    seqs.push(...matching.map(({ seq }) => seq))
    if (seqs.length >= count) end()
  })
  const timer = setTimeout(end, timeoutMs)
  signal.addEventListener('abort', end)
  try {
    const before = await store.search({ filter: { after: 0, ...filter }, limit: count, upTo, signal })
    // Searched for before a reset and found after it, they are forgotten all the same.
    if (!wasReset) seqs = [...before, ...seqs]
    if (seqs.length < count) await over
    signal.throwIfAborted()
  } finally {
    stopListening()
    clearTimeout(timer)
    signal.removeEventListener('abort', end)
  }

  if (seqs.length >= count) return { matched: true, seqs: seqs.slice(0, count), near: [] }
  await store.waitTurn()
  signal.throwIfAborted()
  return { matched: false, seqs, near: findNearMisses(store.events.latest(), filter, nearLimit) }
}
