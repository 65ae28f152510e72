import { hostClock } from '../host/clock'

/** Resolves after `ms` milliseconds. */
export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => {
    hostClock.after(ms, resolve)
  })
}
