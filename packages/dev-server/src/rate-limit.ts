import { Problem } from './http/problem'

/** How many requests a source may make. */
export interface RateLimitOptions {
  /** Requests per write key and window. */
  requests: number
  /** Length of the window, in ms. @default 1000 */
  perMs?: number
}

export interface RateLimit {
  /** Counts a request of this write key; throws a 429 that says when to come back. */
  take(writeKey: string): void
  reset(): void
}

/** Counts requests in fixed windows: crude, but what the headers promise is then exactly true, which a test can rely on. */
export function createRateLimit(options: RateLimitOptions | undefined, now: () => number): RateLimit {
  const windows = new Map<string, { endsAt: number; taken: number }>()
  if (options === undefined) return { take() {}, reset() {} }
  const { requests, perMs = 1_000 } = options

  // All windows are as long, so the first in the book is the first to end.
  const forget = (time: number) => {
    for (const [writeKey, { endsAt }] of windows) {
      if (endsAt > time) return
      windows.delete(writeKey)
    }
  }

  return {
    take(writeKey) {
      const time = now()
      forget(time)
      const window = windows.get(writeKey) ?? { endsAt: time + perMs, taken: 0 }
      windows.set(writeKey, window)
      window.taken += 1
      if (window.taken <= requests) return
      throw new Problem(
        429,
        'rate_limited',
        `At most ${requests} requests in ${perMs} ms`,
        { limit: requests, perMs },
        {
          'retry-after': String(Math.max(1, Math.ceil((window.endsAt - time) / 1_000))),
          'x-ratelimit-reset': String(Math.ceil(window.endsAt / 1_000)),
        },
      )
    },
    reset: () => windows.clear(),
  }
}
