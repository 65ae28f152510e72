import type { OutcomeRules } from './outcome'

/** How long and how often an undelivered batch is tried again. */
export interface RetryPolicy extends OutcomeRules {
  /** Counted tries after the first one. */
  readonly maxRetries: number
  /** Refusals that are not counted, because the server said when to come back, end somewhere, too: after so many. */
  readonly maxUncountedRetries: number
  /** A batch is given up when its first counted failure is longer ago than this, in ms. */
  readonly maxTotalBackoffMs: number
  /** Batches that the server keeps refusing with 429 are given up after this time, in ms. */
  readonly maxRateLimitMs: number
  /** How long to wait before counted retry number `retry` (1, 2, 3…), in ms. */
  delayMs(retry: number): number
}

/** A pause that a server asks for lasts at least this long, in ms. */
export const shortestPause = 1_000
