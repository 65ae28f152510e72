import type { PreparedEvent } from '../events/prepare-event'
import type { EventStore, SaveOutcome } from './event-store'

export interface GroupCommit {
  /** Resolves once the events are on disk; rejects when none of them is. */
  save(events: PreparedEvent[]): Promise<SaveOutcome>
  /** Saves what waits, now. */
  flush(): void
}

interface Waiting {
  events: PreparedEvent[]
  resolve(outcome: SaveOutcome): void
  reject(cause: unknown): void
}

// One transaction holds up everything else, so it stays short enough not to be felt.
const groupEvents = 2_000

/** Saves the requests that arrive together in one transaction: under load commits become larger, not more. */
export function createGroupCommit(store: EventStore): GroupCommit {
  let waiting: Waiting[] = []

  const saveGroup = () => {
    const group = takeGroup()
    if (group.length === 0) return
    if (waiting.length > 0) setImmediate(saveGroup)
    try {
      const outcomes = store.save(group.map(({ events }) => events))
      group.forEach(({ resolve }, index) => {
        resolve(outcomes[index] ?? { stored: [], duplicates: 0 })
      })
    } catch (cause) {
      for (const { reject } of group) reject(cause)
    }
  }

  const takeGroup = (): Waiting[] => {
    let size = 0
    let end = 0
    for (const { events } of waiting) {
      if (end > 0 && size + events.length > groupEvents) break
      size += events.length
      end += 1
    }
    const group = waiting.slice(0, end)
    waiting = waiting.slice(end)
    return group
  }

  return {
    save: (events) =>
      new Promise((resolve, reject) => {
        if (waiting.length === 0) setImmediate(saveGroup)
        waiting.push({ events, resolve, reject })
      }),
    flush() {
      while (waiting.length > 0) saveGroup()
    },
  }
}
