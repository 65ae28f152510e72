import type { MistakeReason } from '../feed/arrivals'
import type { ServerParts } from '../server-parts'
import type { Problem } from './problem'

/**
 * Reports requests that went wrong before they were a call: to no route, by a wrong name, for the settings of an unknown
 * key. Who has just started sees nothing arrive, and the sender often keeps the answer to itself.
 */
export function createTellMistake({ arrivals, options }: Pick<ServerParts, 'arrivals' | 'options'>) {
  return (route: string, reason: MistakeReason | 'auth', problem: Problem): Problem => {
    const { status, message } = problem
    arrivals.tell({ kind: 'refused', route, receivedAt: options.now(), status, reason, message })
    return problem
  }
}
