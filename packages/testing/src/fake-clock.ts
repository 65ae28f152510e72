import type { Clock } from '@sluice/core/internal'

/** A clock that stands still until it is told to go on. */
export interface FakeClock extends Clock {
  /** Lets `ms` milliseconds pass: timers that are due fire in order, and what they set off is finished in between. */
  advance(ms: number): Promise<void>
  /** Sets the date, as users and tests do; no wait becomes longer or shorter by that. */
  setDate(ms: number): void
  /** Timers that have not fired yet. */
  readonly timers: number
}

/** Starts at a moment that no code takes for “never”: 2026-01-01. */
export function createFakeClock(start = Date.UTC(2026, 0, 1)): FakeClock {
  // Not the date, so that a test sees it when one is taken for the other.
  let elapsed = 5_000
  let sinceStart = start - elapsed
  let due: { at: number; run: () => void }[] = []

  const takeNext = (until: number) => {
    const [next] = due.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)
    due = due.filter((timer) => timer !== next)
    return next
  }

  return {
    now: () => elapsed + sinceStart,
    elapsed: () => elapsed,
    setDate(ms) {
      sinceStart = ms - elapsed
    },
    after(ms, run) {
      const timer = { at: elapsed + ms, run }
      due.push(timer)
      return () => {
        due = due.filter((other) => other !== timer)
      }
    },
    async advance(ms) {
      const until = elapsed + ms
      await settled()
      for (let next = takeNext(until); next; next = takeNext(until)) {
        elapsed = Math.max(elapsed, next.at)
        next.run()
        await settled()
      }
      elapsed = until
    },
    get timers() {
      return due.length
    },
  }
}

/** Resolves when every promise that could go on has gone on. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
