import type { PreparedEvent } from '../events/prepare-event'
import { addTo, type CounterName, type Counters } from './counters'
import { columns, fromRow, placeholders, toRow } from './event-row'
import { readLatest } from './latest-events'
import type { Database } from './open-database'
import type { StoredEvent } from './stored-event'

/** What became of the events of one request. */
export interface SaveOutcome {
  /** Events that are new, in their order; those that failed are among them. */
  stored: StoredEvent[]
  /** How many had been accepted before. */
  duplicates: number
}

export interface EventStore {
  /** Saves the events of some requests in one transaction; when it returns, they are on disk. Throws if none was saved. */
  save(requests: readonly PreparedEvent[][]): SaveOutcome[]
  /** The event with this number; `undefined` when there is none. */
  read(seq: number): StoredEvent | undefined
  /** The latest events, the last one first; the same objects to all who ask before the next one arrives. */
  latest(): readonly StoredEvent[]
  /** The number of the event that arrived last; 0 when none ever did. */
  lastSeq(): number
  /** Deletes events and counts, all of them or, when it throws, none. */
  clear(): void
}

/** Keeps events in tables, and knows which message ids have been accepted. */
export function createEventStore(database: Database, counters: Counters): EventStore {
  const insert = database.prepare(
    `insert into events (${columns}) values (${placeholders})
     on conflict (message_id, write_key) where status = 'accepted' do nothing`,
  )
  const bySeq = database.prepare(`select seq, ${columns} from events where seq = ?`).raw()
  const highest = database
    .prepare("select coalesce(max(seq), 0) from sqlite_sequence where name = 'events'")
    .raw()
  // Held loosely: it serves those who wait in vain at the same time, and need not outlive them.
  let latest: WeakRef<{ lastSeq: number; events: StoredEvent[] }> | undefined

  const lastSeq = (): number => {
    const [row] = highest.all() as [number][]
    return row?.[0] ?? 0
  }

  const insertEvent = (event: PreparedEvent): number | undefined => {
    const { changes, lastInsertRowid } = insert.run(...toRow(event))
    return changes === 0 ? undefined : Number(lastInsertRowid)
  }

  const saveRequest = (events: readonly PreparedEvent[], tally: Map<CounterName, number>): SaveOutcome => {
    const stored: StoredEvent[] = []
    for (const event of events) {
      const seq = insertEvent(event)
      if (seq === undefined) continue
      stored.push({ ...event, seq })
      if (event.status === 'accepted') {
        addTo(tally, 'accepted')
        addTo(tally, `byType:${event.type}`)
      } else {
        addTo(tally, 'failed')
        addTo(tally, `failedByReason:${event.failure.reason}`)
      }
    }
    const duplicates = events.length - stored.length
    addTo(tally, 'duplicates', duplicates)
    return { stored, duplicates }
  }

  const inTransaction = <Result>(write: () => Result): Result => {
    database.exec('begin immediate')
    try {
      const result = write()
      database.exec('commit')
      return result
    } catch (cause) {
      if (database.inTransaction) database.exec('rollback')
      throw cause
    }
  }

  return {
    save(requests) {
      const tally = new Map<CounterName, number>()
      const outcomes = inTransaction(() => {
        const saved = requests.map((events) => saveRequest(events, tally))
        counters.write(tally)
        return saved
      })
      counters.settle(tally)
      return outcomes
    },
    read(seq) {
      const [row] = bySeq.all(seq) as unknown[][]
      return row === undefined ? undefined : fromRow(row)
    },
    latest() {
      const seq = lastSeq()
      const known = latest?.deref()
      if (known?.lastSeq === seq) return known.events
      const read = { lastSeq: seq, events: readLatest(database) }
      latest = new WeakRef(read)
      return read.events
    },
    lastSeq,
    clear() {
      inTransaction(() => {
        database.exec('delete from events')
        counters.erase()
      })
      counters.forget()
      latest = undefined
    },
  }
}
