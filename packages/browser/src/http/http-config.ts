import type { RetryPolicy, StatusBehavior } from '@sluice/core/internal'
import { segmentStatusTable } from '@sluice/core/internal'

/** How refused and failed requests are tried again. The CDN's settings go before those of the page, field by field. */
export interface HttpConfig {
  rateLimitConfig?: {
    /** Retries of a batch that the server refused with 429 and `Retry-After`. @default 10 */
    maxRetryCount?: number
    /** No `Retry-After` is heeded for longer, in seconds. @default 300 */
    maxRetryInterval?: number
    /** Batches that are refused for longer than this are given up, in seconds. @default 43_200 */
    maxRateLimitDuration?: number
  }
  backoffConfig?: {
    /** Retries of a batch that failed. @default 10 */
    maxRetryCount?: number
    /** First wait, in seconds; it doubles with every retry. @default 0.5 */
    baseBackoffInterval?: number
    /** Longest wait, in seconds. @default 60 */
    maxBackoffInterval?: number
    /** A batch is given up when its first failure is longer ago, in seconds. @default 43_200 */
    maxTotalBackoffDuration?: number
    /** Waits are spread by so many percent to either side. @default 10 */
    jitterPercent?: number
    /** What becomes of statuses from 400 to 499 that are not named. @default 'drop' */
    default4xxBehavior?: StatusBehavior
    /** What becomes of statuses from 500 to 599 that are not named. @default 'retry' */
    default5xxBehavior?: StatusBehavior
    /** What becomes of single statuses, over 408, 410, 429, 460: retry and 501, 505, 511: drop. */
    statusCodeOverrides?: Record<string, StatusBehavior>
  }
}

/**
 * The retry policy that the CDN and the page ask for. Numbers are brought into their range; what is none is passed over.
 * Loaded when somebody asks: most are content with `defaultRetryPolicy`.
 */
export function retryPolicy(
  ofCDN: HttpConfig | undefined,
  ofPage: HttpConfig | undefined,
  random: () => number,
): RetryPolicy {
  const limit = { ...ofPage?.rateLimitConfig, ...defined(ofCDN?.rateLimitConfig) }
  const backoff = { ...ofPage?.backoffConfig, ...defined(ofCDN?.backoffConfig) }
  const base = clamp(backoff.baseBackoffInterval, 0.5, 0.1, 300) * 1_000
  const longest = clamp(backoff.maxBackoffInterval, 60, 0.1, 86_400) * 1_000
  const jitter = clamp(backoff.jitterPercent, 10, 0, 100) / 100
  return {
    maxRetries: clamp(backoff.maxRetryCount, 10, 0, 100),
    maxUncountedRetries: clamp(limit.maxRetryCount, 10, 0, 100),
    maxTotalBackoffMs: clamp(backoff.maxTotalBackoffDuration, 43_200, 60, 604_800) * 1_000,
    maxRateLimitMs: clamp(limit.maxRateLimitDuration, 43_200, 10, 86_400) * 1_000,
    maxPauseMs: clamp(limit.maxRetryInterval, 300, 0.1, 86_400) * 1_000,
    delayMs: (retry) => Math.min(base * 2 ** (retry - 1), longest) * (1 - jitter + 2 * jitter * random()),
    statuses: {
      default4xx: behavior(backoff.default4xxBehavior) ?? segmentStatusTable.default4xx,
      default5xx: behavior(backoff.default5xxBehavior) ?? segmentStatusTable.default5xx,
      overrides: {
        ...segmentStatusTable.overrides,
        ...overrides(ofPage?.backoffConfig?.statusCodeOverrides),
        ...overrides(ofCDN?.backoffConfig?.statusCodeOverrides),
      },
    },
  }
}

function clamp(value: unknown, byDefault: number, least: number, most: number): number {
  return typeof value === 'number' && !Number.isNaN(value)
    ? Math.min(Math.max(value, least), most)
    : byDefault
}

function behavior(value: unknown): StatusBehavior | undefined {
  return value === 'retry' || value === 'drop' ? value : undefined
}

function overrides(given: Record<string, unknown> = {}): Record<number, StatusBehavior> {
  const known: Record<number, StatusBehavior> = {}
  for (const [status, value] of Object.entries(given)) {
    const wanted = behavior(value)
    if (wanted) known[Number(status)] = wanted
  }
  return known
}

function defined<T extends object>(fields: T | undefined): Partial<T> {
  return Object.fromEntries(
    Object.entries(fields ?? {}).filter(([, value]) => value !== undefined),
  ) as Partial<T>
}
