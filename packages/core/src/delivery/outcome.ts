import type { TransportResponse } from '../ports/transport'
import { retryAfterMs } from './retry-after'

/** What an answer means for the batch that was sent. */
export type Outcome =
  | { readonly type: 'delivered' }
  | Retry
  /** `isTooLarge`: the same events might be accepted in smaller batches. */
  | { readonly type: 'rejected'; readonly reason: Error; readonly isTooLarge: boolean }

export interface Retry {
  readonly type: 'retry'
  readonly reason: unknown
  /** How long the server asked to be left alone, in ms. */
  readonly afterMs?: number | undefined
  /** It does not use up one of the batch's retries: a server that says when to come back is not failing. */
  readonly isLimited?: boolean
  /** Other batches have to wait as well. */
  readonly quietsAll?: boolean
}

export type StatusBehavior = 'retry' | 'drop'

/** Which statuses are worth another try. Those below 400 are success; everything that is not named follows its kind. */
export interface StatusTable {
  readonly default4xx: StatusBehavior
  readonly default5xx: StatusBehavior
  /** By status. */
  readonly overrides: Readonly<Record<number, StatusBehavior>>
}

/** Segment's table: what its servers answer in passing is tried again, what they mean is not. */
export const segmentStatusTable: StatusTable = {
  default4xx: 'drop',
  default5xx: 'retry',
  overrides: {
    408: 'retry',
    410: 'retry',
    429: 'retry',
    460: 'retry',
    501: 'drop',
    505: 'drop',
    511: 'drop',
  },
}

/** What `readOutcome` has to know of a retry policy. */
export interface OutcomeRules {
  readonly statuses: StatusTable
  /** No server may quiet us for longer than this with one answer, in ms. */
  readonly maxPauseMs: number
}

/** Reads an answer by the status table. An answer without a proper status counts as none: it is tried again. */
export function readOutcome(response: TransportResponse, rules: OutcomeRules, now: number): Outcome {
  const { status, statusText } = response
  const { default4xx, default5xx, overrides } = rules.statuses
  const kind = Math.floor(status / 100)
  if (kind === 2 || kind === 3) return { type: 'delivered' }
  const reason = new Error(`[${status}] ${statusText}`.trimEnd())
  const behavior = overrides[status] ?? (kind === 4 ? default4xx : kind === 5 ? default5xx : 'retry')
  if (behavior === 'drop') return { type: 'rejected', reason, isTooLarge: status === 413 }
  const afterMs = retryAfterMs(response.header('retry-after'), now, rules.maxPauseMs)
  const isTooMany = status === 429
  const isAsked = afterMs !== undefined
  return { type: 'retry', reason, afterMs, isLimited: isTooMany && isAsked, quietsAll: isTooMany || isAsked }
}

/** No answer came: the network, the server or the HTTP client failed. */
export function noAnswer(reason: unknown): Retry {
  return { type: 'retry', reason }
}
