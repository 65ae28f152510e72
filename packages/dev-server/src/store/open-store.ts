import { DevServerError } from '../dev-server-error'
import { type Counters, createCounters } from './counters'
import { createEventSearch, type SearchEvents } from './event-search'
import { createEventStore, type EventStore } from './event-store'
import { createGroupCommit, type GroupCommit } from './group-commit'
import { openDatabase } from './open-database'
import { describeStoreFailure } from './store-failure'
import { createTurns, type WaitTurn } from './turns'
import { whenFree } from './when-free'

// HTTP clients and people have given up by then, or should narrow their search.
const longestSearchMs = 30_000

/** Everything the server remembers: events, counts, and the lane by which events get in. */
export interface Store {
  events: EventStore
  counters: Counters
  lane: GroupCommit
  search: SearchEvents
  /** What long work waits for between its pieces. */
  waitTurn: WaitTurn
  /** Forgets events and counts, or rejects with all of them there; what waits in the lane is saved first, and forgotten with the rest. */
  reset(): Promise<void>
  /** Writes the last counts and closes the file. Rejects with `store_not_usable` when the counts could not be written; the file is closed then, too. */
  close(): Promise<void>
}

export function openStore(path: string | undefined): Store {
  const database = openDatabase(path)
  const counters = createCounters(database)
  const events = createEventStore(database, counters)
  const lane = createGroupCommit(events)
  const waitTurn = createTurns()
  return {
    events,
    counters,
    lane,
    search: createEventSearch(database, waitTurn, longestSearchMs),
    waitTurn,
    async reset() {
      await lane.save([])
      await whenFree(() => events.clear())
    },
    async close() {
      try {
        await lane.save([])
      } catch (cause) {
        const message = `The counts of the last requests could not be written to ${path ?? 'the store'}: ${describeStoreFailure(cause)}`
        throw new DevServerError('store_not_usable', message, { path }, cause)
      } finally {
        database.close()
      }
    },
  }
}
