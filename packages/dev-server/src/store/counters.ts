import type { FaultReason } from '../events/event-fault'
import type { EventType } from '../events/event-type'
import type { Database } from './open-database'

/** Why a request was turned away as a whole. */
export type RefusalReason = 'malformed' | 'tooLarge' | 'auth' | 'rateLimit' | 'fault' | 'strict' | 'store'

/** What has arrived since the store was made or last reset. */
export interface Counts {
  /** Requests to the routes that carry events, whatever became of them. */
  requests: number
  /** Bytes of their bodies as they came over the wire. */
  bytes: number
  /** Requests among them that were batches. */
  batches: number
  /** Events that passed ingest, each message id once. */
  accepted: number
  /** Events whose message id had been accepted before. */
  duplicates: number
  /** Events that failed on ingest. */
  failed: number
  /** Client metrics, as sent to `/v1/m`. */
  metrics: number
  /** Accepted events by kind of call. */
  byType: Partial<Record<EventType, number>>
  /** Failed events by reason. */
  failedByReason: Partial<Record<FaultReason, number>>
  /** Requests of which nothing was accepted, by reason. */
  refused: Partial<Record<RefusalReason, number>>
}

type Scalar = { [Name in keyof Counts]: Counts[Name] extends number ? Name : never }[keyof Counts]

/** A counter's name: a number of `Counts`, or a number in one of its tables. */
export type CounterName =
  | Scalar
  | `byType:${EventType}`
  | `failedByReason:${FaultReason}`
  | `refused:${RefusalReason}`

/** Amounts to add, by name. */
export type Tally = ReadonlyMap<CounterName, number>

export interface Counters {
  add(name: CounterName, amount?: number): void
  /** Writes everything not yet written, and `tally` on top; to be called inside the transaction that `tally` belongs to. */
  write(tally: Tally): void
  /** Makes `tally` count once its transaction is through. */
  settle(tally: Tally): void
  read(): Counts
  /** Deletes what is written; to be called inside a transaction. */
  erase(): void
  /** Starts again from zero, once the transaction of `erase` is through. */
  forget(): void
}

/** Counts in memory and writes sums, so that counting costs the hot path next to nothing. */
export function createCounters(database: Database): Counters {
  const values = new Map<string, number>()
  const unwritten = new Map<CounterName, number>()
  const upsert = database.prepare(
    'insert into counters (name, value) values (?, ?) on conflict (name) do update set value = value + excluded.value',
  )
  const select = database.prepare('select name, value from counters')
  for (const [name, value] of select.raw().all() as [string, unknown][]) {
    // A counter that is no number can only come from a damaged file; it begins anew, and the others go on.
    if (Number.isSafeInteger(value)) values.set(name, Number(value))
  }

  return {
    add(name, amount = 1) {
      addTo(values, name, amount)
      addTo(unwritten, name, amount)
    },
    write(tally) {
      for (const [name, amount] of unwritten) upsert.run(name, amount)
      for (const [name, amount] of tally) upsert.run(name, amount)
    },
    settle(tally) {
      for (const [name, amount] of tally) addTo(values, name, amount)
      unwritten.clear()
    },
    read: () => shape(values),
    erase: () => database.exec('delete from counters'),
    forget() {
      values.clear()
      unwritten.clear()
    },
  }
}

/** Adds to one number of a tally that is still being made. */
export function addTo<Name>(tally: Map<Name, number>, name: Name, amount = 1): void {
  if (amount !== 0) tally.set(name, (tally.get(name) ?? 0) + amount)
}

function shape(values: ReadonlyMap<string, number>): Counts {
  const one = (name: string) => values.get(name) ?? 0
  const table = (prefix: string) =>
    Object.fromEntries(
      [...values]
        .filter(([name, value]) => name.startsWith(prefix) && value !== 0)
        .map(([name, value]) => [name.slice(prefix.length), value]),
    )
  return {
    requests: one('requests'),
    bytes: one('bytes'),
    batches: one('batches'),
    accepted: one('accepted'),
    duplicates: one('duplicates'),
    failed: one('failed'),
    metrics: one('metrics'),
    byType: table('byType:'),
    failedByReason: table('failedByReason:'),
    refused: table('refused:'),
  }
}
