import { vi } from 'vitest'

export interface VirtualTime {
  /** Lets time pass, in ms, with everything that comes due on the way. */
  pass(ms: number): Promise<void>
  now(): number
}

/** Runs a script on a clock that the script moves: hours of retries take milliseconds. */
export async function inVirtualTime<T>(script: (time: VirtualTime) => Promise<T>): Promise<T> {
  vi.useFakeTimers()
  try {
    return await script({
      pass: async (ms) => void (await vi.advanceTimersByTimeAsync(ms)),
      now: () => Date.now(),
    })
  } finally {
    vi.useRealTimers()
  }
}
