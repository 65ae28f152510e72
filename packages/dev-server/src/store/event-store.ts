import type { EventFault, FaultReason } from '../events/event-fault'
import type { Channel } from '../events/event-record'
import type { EventType } from '../events/event-type'
import type { PreparedEvent } from '../events/prepare-event'
import { addTo, type CounterName, type Counters } from './counters'
import { type EventFilter, matchesPayload, textFields } from './event-filter'
import type { Database } from './open-database'
import { storableText } from './storable-text'
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
  /** Events that match, in order of arrival: the latest ones, or with `after` the next ones. */
  find(filter: EventFilter, limit: number): StoredEvent[]
  count(filter: EventFilter): number
  /** The number of the event that arrived last; 0 when none ever did. */
  lastSeq(): number
  clear(): void
}

type Row = [
  seq: number,
  status: string,
  writeKey: string,
  messageId: string,
  type: EventType | null,
  event: string | null,
  userId: string | null,
  anonymousId: string | null,
  channel: Channel,
  receivedAt: number,
  reason: FaultReason | null,
  field: string | null,
  message: string | null,
  payload: string,
]

const columns =
  'status, write_key, message_id, type, event, user_id, anonymous_id, channel, received_at, reason, field, message, payload'

const columnOf: Record<(typeof textFields)[number], string> = {
  type: 'type',
  event: 'event',
  userId: 'user_id',
  anonymousId: 'anonymous_id',
  messageId: 'message_id',
  writeKey: 'write_key',
}

/** Keeps events in tables, and knows which message ids have been accepted. */
export function createEventStore(database: Database, counters: Counters): EventStore {
  const insert = database.prepare(
    `insert into events (${columns}) values (${columns.replace(/\w+/g, '?')})
     on conflict (message_id, write_key) where status = 'accepted' do nothing`,
  )
  const highest = database
    .prepare("select coalesce(max(seq), 0) from sqlite_sequence where name = 'events'")
    .raw()

  const insertEvent = (event: PreparedEvent): number | undefined => {
    const failure: Partial<EventFault> = event.status === 'failed' ? event.failure : {}
    const { changes, lastInsertRowid } = insert.run(
      event.status,
      event.writeKey,
      storableText(event.messageId),
      event.type,
      storableText(event.event),
      storableText(event.userId),
      storableText(event.anonymousId),
      event.channel,
      event.receivedAt,
      failure.reason ?? null,
      failure.field ?? null,
      failure.message ?? null,
      event.json,
    )
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

  const select = (filter: EventFilter, order: 'asc' | 'desc', limit: number): StoredEvent[] => {
    const { where, values } = toSql(filter)
    // What an event carries is not in a column, so it is looked at row by row until enough are found.
    const perPage = filter.properties === undefined && filter.traits === undefined ? limit : pageRows
    const page = database
      .prepare(
        `select seq, ${columns} from events where ${where} and seq ${order === 'asc' ? '>' : '<'} ? order by seq ${order} limit ?`,
      )
      .raw()
    const found: StoredEvent[] = []
    let cursor = order === 'asc' ? (filter.after ?? 0) : Number.MAX_SAFE_INTEGER
    while (found.length < limit) {
      const rows = page.all(...values, cursor, perPage) as Row[]
      const events = rows.map(toStored)
      found.push(...events.filter((event) => matchesPayload(event, filter)).slice(0, limit - found.length))
      cursor = events.at(-1)?.seq ?? cursor
      if (rows.length < perPage) break
    }
    return found
  }

  return {
    save(requests) {
      const tally = new Map<CounterName, number>()
      database.exec('begin immediate')
      try {
        const outcomes = requests.map((events) => saveRequest(events, tally))
        counters.write(tally)
        database.exec('commit')
        counters.settle(tally)
        return outcomes
      } catch (cause) {
        if (database.inTransaction) database.exec('rollback')
        throw cause
      }
    },
    find: (filter, limit) =>
      filter.after === undefined ? select(filter, 'desc', limit).reverse() : select(filter, 'asc', limit),
    count(filter) {
      if (filter.properties !== undefined || filter.traits !== undefined) {
        return select(filter, 'asc', Number.MAX_SAFE_INTEGER).length
      }
      const { where, values } = toSql(filter)
      return firstNumber(
        database
          .prepare(`select count(*) from events where ${where}`)
          .raw()
          .all(...values),
      )
    },
    lastSeq: () => firstNumber(highest.all()),
    clear() {
      database.exec('delete from events')
      counters.clear()
    },
  }
}

const pageRows = 500

// Written out rather than bound, so that the indexes of one status can be used.
const statusCondition = { accepted: "status = 'accepted'", failed: "status = 'failed'", all: '1' } as const

function toSql(filter: EventFilter): { where: string; values: (string | number)[] } {
  const parts: [condition: string, value: string | number][] = []
  if (filter.after !== undefined) parts.push(['seq > ?', filter.after])
  if (filter.since !== undefined) parts.push(['received_at >= ?', filter.since])
  for (const field of textFields) {
    const wanted = filter[field]
    if (wanted !== undefined) parts.push([`${columnOf[field]} = ?`, storableText(wanted)])
  }
  return {
    where: [statusCondition[filter.status ?? 'accepted'], ...parts.map(([condition]) => condition)].join(
      ' and ',
    ),
    values: parts.map(([, value]) => value),
  }
}

function toStored(row: Row): StoredEvent {
  const [seq, status, writeKey, messageId, type, event, userId, anonymousId, channel, receivedAt] = row
  const [reason, field, message, json] = row.slice(10) as [
    FaultReason | null,
    string | null,
    string | null,
    string,
  ]
  const facts = { seq, writeKey, messageId, event, userId, anonymousId, channel, receivedAt, json }
  if (status === 'accepted' && type !== null) return { ...facts, status, type }
  return {
    ...facts,
    status: 'failed',
    type,
    failure: {
      reason: reason ?? 'invalid_type',
      ...(field === null ? {} : { field }),
      message: message ?? '',
    },
  }
}

function firstNumber(rows: unknown[]): number {
  const [row] = rows as [number][]
  return row?.[0] ?? 0
}
