import type { RouteName } from '../http/route-name'

/**
 * What goes wrong. Each acts either before the events are taken, or after: then they are stored and only the answer is
 * ill, which is how duplicates come about in real life.
 */
export type FaultAction =
  /** Answers this status. `retryAfter` is seconds, or any text to send as it is. */
  | { kind: 'status'; status: number; retryAfter?: number | string; body?: string }
  /** Waits, then goes on as if nothing had been. */
  | { kind: 'latency'; ms: number }
  /** Cuts the connection with a TCP reset. */
  | { kind: 'reset' }
  /** Announces a whole answer, sends a part and cuts the connection. */
  | { kind: 'partial' }
  /** Never answers; the connection stays open until the sender gives up. */
  | { kind: 'hang' }
  /** Answers 200 with a body that is not JSON. */
  | { kind: 'garbage' }
  /** Answers 200 with a JSON body of this size. */
  | { kind: 'large'; bytes: number }

/** When a fault strikes. Without `times` and `forMs` it does until it is removed. */
export interface FaultTerms {
  /** Strikes this many requests, then the next fault of the script has its turn. */
  times?: number
  /** Ends after this time, in ms, from when its turn came. */
  forMs?: number
  /** Strikes this share of requests, between 0 and 1; the others pass unharmed. @default 1 */
  share?: number
  /** Routes it strikes. @default every tracking route: neither `settings` nor `token` */
  routes?: readonly RouteName[]
  /**
   * Strikes before the events are taken, or after they are stored.
   * @default 'after' for `partial`, `garbage` and `large`, since their status is 200; otherwise 'before'
   */
  when?: 'before' | 'after'
}

/** One step of a fault script. */
export type Fault = FaultAction & FaultTerms

/** A fault in force, and how often it has struck. */
export type ActiveFault = Fault & { struck: number }

export function strikesWhen(fault: Fault): 'before' | 'after' {
  if (fault.when !== undefined) return fault.when
  return fault.kind === 'partial' || fault.kind === 'garbage' || fault.kind === 'large' ? 'after' : 'before'
}
