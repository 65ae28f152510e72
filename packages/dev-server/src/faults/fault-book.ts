import { Problem } from '../http/problem'
import { type RouteName, trackingRoutes } from '../http/route-name'
import type { ActiveFault, Fault } from './fault'

export interface FaultBook {
  add(faults: readonly Fault[]): void
  list(): ActiveFault[]
  clear(): void
  /** The fault that strikes this request, if one does; asking counts as the request. */
  strike(route: RouteName): Fault | undefined
}

interface Entry {
  fault: Fault
  struck: number
  startedAt: number | undefined
}

const mostFaults = 10_000

/**
 * Keeps a script of faults. The first one that is meant for a route has its turn; when it is used up or over, the next
 * has. A clock of `forMs` starts when the turn comes, so that a script plays in order.
 */
export function createFaultBook(now: () => number, random: () => number): FaultBook {
  let entries: Entry[] = []

  const settle = () => {
    const time = now()
    let turnBegan = time
    while (true) {
      const first = entries[0]
      if (first === undefined) return
      first.startedAt ??= turnBegan
      const end = endOf(first)
      if (!isUsedUp(first) && end > time) break
      turnBegan = Math.min(end, time)
      entries.shift()
    }
    entries = entries.filter((entry) => !isUsedUp(entry) && endOf(entry) > time)
  }

  return {
    add(faults) {
      if (entries.length + faults.length > mostFaults) {
        throw new Problem(400, 'invalid_fault', `At most ${mostFaults} faults can be in force`, {
          where: 'script',
        })
      }
      entries = [...entries, ...faults.map((fault) => ({ fault, struck: 0, startedAt: undefined }))]
      settle()
    },
    list() {
      settle()
      return entries.map(({ fault, struck }) => ({ ...fault, struck }))
    },
    clear() {
      entries = []
    },
    strike(route) {
      settle()
      const entry = entries.find(({ fault }) => (fault.routes ?? trackingRoutes).includes(route))
      if (entry === undefined) return undefined
      entry.startedAt ??= now()
      if (entry.fault.share !== undefined && random() >= entry.fault.share) return undefined
      entry.struck += 1
      return entry.fault
    },
  }
}

function isUsedUp({ fault, struck }: Entry): boolean {
  return fault.times !== undefined && struck >= fault.times
}

function endOf({ fault, startedAt }: Entry): number {
  return fault.forMs === undefined || startedAt === undefined
    ? Number.POSITIVE_INFINITY
    : startedAt + fault.forMs
}
