import { type Counters, createCounters } from './counters'
import { createEventStore, type EventStore } from './event-store'
import { createGroupCommit, type GroupCommit } from './group-commit'
import { openDatabase } from './open-database'

/** Everything the server remembers: events, counts, and the lane by which events get in. */
export interface Store {
  events: EventStore
  counters: Counters
  lane: GroupCommit
  /** Forgets events and counts; what waits in the lane is saved first, and forgotten with the rest. */
  reset(): void
  close(): void
}

export function openStore(path: string | undefined): Store {
  const database = openDatabase(path)
  const counters = createCounters(database)
  const events = createEventStore(database, counters)
  const lane = createGroupCommit(events)
  return {
    events,
    counters,
    lane,
    reset() {
      lane.flush()
      events.clear()
    },
    close() {
      lane.flush()
      events.save([])
      database.close()
    },
  }
}
