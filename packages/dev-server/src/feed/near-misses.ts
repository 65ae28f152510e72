import { type EventFilter, payloadDifferences, textFields } from '../store/event-filter'
import { payloadOf, type StoredEvent } from '../store/stored-event'

export interface NearMiss {
  event: StoredEvent
  /** What keeps it from matching, one sentence each. */
  why: string[]
}

/** Finds the events that come closest to a filter: what somebody who waits in vain should look at. */
export function findNearMisses(
  events: readonly StoredEvent[],
  filter: EventFilter,
  limit: number,
): NearMiss[] {
  return events
    .map((event) => ({ event, why: differences(event, filter) }))
    .filter(({ why }) => why.length > 0)
    .sort(
      (a, b) =>
        a.why.length - b.why.length ||
        closeness(b.event, filter) - closeness(a.event, filter) ||
        b.event.seq - a.event.seq,
    )
    .slice(0, limit)
    .map(({ event, why }) => ({ event, why: why.map((tell) => tell()) }))
}

// Put into words for the few that are shown.
function differences(event: StoredEvent, filter: EventFilter): (() => string)[] {
  const why: (() => string)[] = []
  const status = filter.status ?? 'accepted'
  if (status !== 'all' && event.status !== status) {
    why.push(() =>
      event.status === 'failed' ? `it failed on ingest: ${event.failure.message}` : 'it was accepted',
    )
  }
  for (const field of textFields) {
    const wanted = filter[field]
    if (wanted !== undefined && event[field] !== wanted) {
      why.push(() => `${field} is ${show(event[field])}, not ${show(wanted)}`)
    }
  }
  for (const { path, got, wanted } of payloadDifferences(payloadOf(event), filter)) {
    why.push(() =>
      got === undefined
        ? `${path} is missing, not ${show(wanted)}`
        : `${path} is ${show(got)}, not ${show(wanted)}`,
    )
  }
  if (filter.after !== undefined && event.seq <= filter.after) why.push(() => 'it arrived before')
  if (filter.since !== undefined && event.receivedAt < filter.since) why.push(() => 'it arrived before')
  return why
}

const shownChars = 100

function show(value: unknown): string {
  const json = toJson(value)
  return json.length <= shownChars ? json : `${json.slice(0, shownChars)}…`
}

function toJson(value: unknown): string {
  try {
    return JSON.stringify(value)
  } catch {
    // The parser copes with any depth, the writer runs out of stack.
    return 'something nested too deeply to be shown'
  }
}

// Among events that miss by as much, one whose name differs only in writing is the likelier mistake.
function closeness(event: StoredEvent, filter: EventFilter): number {
  return filter.event !== undefined && plain(event.event ?? '') === plain(filter.event) ? 1 : 0
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '')
}
