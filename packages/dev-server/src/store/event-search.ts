import { type EventFilter, matchesPayload, payloadFields, textFields } from './event-filter'
import type { Database } from './open-database'
import { storableText } from './storable-text'
import { parsePayload } from './stored-event'
import type { WaitTurn } from './turns'
import { whenFree } from './when-free'

export interface Search {
  filter: EventFilter
  /** Stops when so many are found. */
  limit: number
  /** Looks at no event after this one. @default the latest */
  upTo?: number
  /** Gives up when it aborts, with its reason. */
  signal?: AbortSignal
}

/**
 * Finds the numbers of events that match, in order of arrival: the latest ones, or with `after` the next ones. Numbers and no
 * more: events can be large, so whoever wants them reads them one by one.
 */
export type SearchEvents = (search: Search) => Promise<number[]>

/** A search was given up because it took too long; narrower ones may succeed. */
export class SearchTooLong extends Error {
  override readonly name = 'SearchTooLong'
}

const sliceMs = 5
// Payloads are looked into one by one, and each may have half a megabyte.
const payloadsPerPage = 50
const numbersPerPage = 1_000
const smallestSpan = 16
const largestSpan = 2 ** 30

/**
 * Makes the search. A condition that no index serves has to look at every row, and the driver knows no pause; so a search goes
 * through the store in spans of numbers, as long as a page of each takes a few milliseconds, and waits for its turn in between.
 */
export function createEventSearch(database: Database, waitTurn: WaitTurn, longestMs: number): SearchEvents {
  return async ({ filter, limit, upTo, signal }) => {
    const isForward = filter.after !== undefined
    const looksInside = payloadFields.some((field) => filter[field] !== undefined)
    const { where, values } = toSql(filter)
    // One bound on either side: of two on the same side SQLite would begin at the first, however far back that lies.
    const page = await whenFree(() =>
      database
        .prepare(
          `select seq${looksInside ? ', payload' : ''} from events where ${where} and seq > ? and seq <= ?
           order by seq ${isForward ? 'asc' : 'desc'} limit ?`,
        )
        .raw(),
    )
    const [first, last] = await whenFree(() => range(database))
    let low = Math.max(filter.after ?? 0, first - 1)
    let high = Math.min(upTo ?? last, last)
    let span = smallestSpan
    const found: number[] = []
    const isDone = () => low >= high || found.length >= limit

    const searchPage = () => {
      const from = isForward ? low : Math.max(low, high - span)
      const to = isForward ? Math.min(high, low + span) : high
      const pageRows = looksInside ? payloadsPerPage : Math.min(numbersPerPage, limit - found.length)
      const rows = page.all(...values, from, to, pageRows) as [seq: number, payload?: unknown][]
      for (const [seq, payload] of rows) {
        if (found.length < limit && (!looksInside || matchesPayload(parsePayload(payload), filter)))
          found.push(seq)
      }
      const lastSeen = rows.length < pageRows ? undefined : rows.at(-1)?.[0]
      if (isForward) low = lastSeen ?? to
      else high = lastSeen === undefined ? from : lastSeen - 1
    }

    const searchSlice = () => {
      const end = performance.now() + sliceMs
      let time = 0
      while (!isDone() && time < end) {
        const start = performance.now()
        searchPage()
        time = performance.now()
        span = time - start < sliceMs / 2 ? Math.min(span * 2, largestSpan) : Math.max(span / 2, smallestSpan)
      }
    }

    const giveUpAt = performance.now() + longestMs
    while (!isDone()) {
      await waitTurn()
      signal?.throwIfAborted()
      if (performance.now() > giveUpAt) throw new SearchTooLong(`The search took longer than ${longestMs} ms`)
      await whenFree(searchSlice)
    }
    return isForward ? found : found.reverse()
  }
}

const columnOf: Record<(typeof textFields)[number], string> = {
  type: 'type',
  event: 'event',
  userId: 'user_id',
  anonymousId: 'anonymous_id',
  messageId: 'message_id',
  writeKey: 'write_key',
}

// Written out rather than bound, so that the indexes of one status can be used.
const statusCondition = { accepted: "status = 'accepted'", failed: "status = 'failed'", all: '1' } as const

function toSql(filter: EventFilter): { where: string; values: (string | number)[] } {
  const parts: [condition: string, value: string | number][] = []
  if (filter.since !== undefined) parts.push(['received_at >= ?', filter.since])
  for (const field of textFields) {
    const wanted = filter[field]
    if (wanted !== undefined) parts.push([`${columnOf[field]} = ?`, storableText(wanted)])
  }
  const status = statusCondition[filter.status ?? 'accepted']
  return {
    where: [status, ...parts.map(([condition]) => condition)].join(' and '),
    values: parts.map(([, value]) => value),
  }
}

/** The smallest and the largest number in use. Each is asked for by itself, because only so SQLite looks it up. */
function range(database: Database): [first: number, last: number] {
  const [row] = database
    .prepare('select (select min(seq) from events), (select max(seq) from events)')
    .raw()
    .all() as [number | null, number | null][]
  return [row?.[0] ?? 1, row?.[1] ?? 0]
}
