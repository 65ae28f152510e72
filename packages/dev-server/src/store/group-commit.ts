import { setImmediate as nextRound } from 'node:timers/promises'
import type { PreparedEvent } from '../events/prepare-event'
import type { EventStore, SaveOutcome } from './event-store'
import { whenFree } from './when-free'

export interface GroupCommit {
  /** Resolves once the events, and all that were saved before, are on disk; rejects when none of them is. */
  save(events: PreparedEvent[]): Promise<SaveOutcome>
}

interface Waiting {
  events: PreparedEvent[]
  since: number
  resolve(outcome: SaveOutcome): void
  reject(cause: unknown): void
}

// One transaction holds up everything else, so it stays short enough not to be felt.
const groupEvents = 2_000

/** Saves the requests that arrive together in one transaction: under load commits become larger, not more. */
export function createGroupCommit(store: EventStore): GroupCommit {
  let waiting: Waiting[] = []
  let saved = Promise.resolve()

  const schedule = () => {
    saved = saved.then(() => nextRound()).then(saveGroup)
  }

  const saveGroup = async () => {
    const group = takeGroup()
    if (waiting.length > 0) schedule()
    try {
      const outcomes = await whenFree(() => store.save(group.map(({ events }) => events)), group[0]?.since)
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
        if (waiting.length === 0) schedule()
        waiting.push({ events, since: performance.now(), resolve, reject })
      }),
  }
}
