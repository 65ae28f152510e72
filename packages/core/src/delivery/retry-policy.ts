import { backoff } from '../flow/backoff'
import type { StatusTable } from './outcome'

/** How long and how often an undelivered batch is tried again. */
export interface RetryPolicy {
  /** Counted tries after the first one. */
  readonly maxRetries: number
  /** A batch is given up when its first counted failure is longer ago than this, in ms. */
  readonly maxTotalBackoffMs: number
  /** Batches that the server keeps refusing with 429 are given up after this time, in ms. */
  readonly maxRateLimitMs: number
  /** The first retry comes after two to four times this, in ms; the wait doubles with every further one. */
  readonly minBackoffMs: number
  /** No wait is longer, in ms. */
  readonly maxBackoffMs: number
  readonly statuses: StatusTable
}

/** Refusals that are not counted as retries end somewhere, too: after so many more than `maxRetries`. */
export const uncountedRetries = 20

/** A pause that a server asks for lasts at least this long, in ms. */
export const shortestPause = 1_000

/** How long to wait before counted retry number `retry` (1, 2, 3…), in ms. */
export function retryDelay(retry: number, policy: RetryPolicy, random: () => number): number {
  return backoff({ attempt: retry, minTimeout: policy.minBackoffMs, maxTimeout: policy.maxBackoffMs }, random)
}
