import type { FastifyReply } from 'fastify'
import type { RouteName } from '../http/route-name'
import type { ServerParts } from '../server-parts'
import { actOut } from './act-out'
import { type Fault, strikesWhen } from './fault'

/** One request's turn with the fault script. Both moments answer `true` when the fault was the answer to the request. */
export interface Strike {
  /** The fault that takes the place of the answer before anything was done; `undefined` when the request goes on. */
  refusal: Fault | undefined
  before(): Promise<boolean>
  after(): Promise<boolean>
}

/** Makes what every route asks before and after its work, so that a fault strikes each of them alike. */
export function createStrike({
  faults,
  replies,
}: Pick<ServerParts, 'faults' | 'replies'>): (route: RouteName, reply: FastifyReply) => Strike {
  return (route, reply) => {
    const fault = faults.strike(route)
    const actAt = async (moment: 'before' | 'after'): Promise<boolean> => {
      if (fault === undefined || strikesWhen(fault) !== moment) return false
      return actOut(fault, reply, replies.untilGone(reply))
    }
    const isRefusal = fault !== undefined && fault.kind !== 'latency' && strikesWhen(fault) === 'before'
    return {
      refusal: isRefusal ? fault : undefined,
      before: () => actAt('before'),
      after: () => actAt('after'),
    }
  }
}
