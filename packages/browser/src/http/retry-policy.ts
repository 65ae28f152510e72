import type { RetryPolicy } from '@sluice/core/internal'
import { segmentStatusTable } from '@sluice/core/internal'

/** How refused and failed requests are tried again when neither the CDN nor the page says otherwise. */
export function defaultRetryPolicy(random: () => number): RetryPolicy {
  return {
    maxRetries: 10,
    maxUncountedRetries: 10,
    maxTotalBackoffMs: 43_200_000,
    maxRateLimitMs: 43_200_000,
    maxPauseMs: 300_000,
    // Spread by a tenth to either side.
    delayMs: (retry) => Math.min(500 * 2 ** (retry - 1), 60_000) * (0.9 + 0.2 * random()),
    statuses: segmentStatusTable,
  }
}
