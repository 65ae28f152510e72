import type { Clock } from '../ports/clock'
import { host } from './globals'

// A longer delay makes timers of every host fire at once; waking early is harmless to those who look at the time.
const longestDelay = 2 ** 31 - 1

/** The host's own timers. They keep a Node process alive until they fire. */
export const hostClock: Clock = {
  now: () => Date.now(),
  after(ms, run) {
    const timer = host.setTimeout(run, Math.min(ms, longestDelay))
    return () => host.clearTimeout(timer)
  },
}
