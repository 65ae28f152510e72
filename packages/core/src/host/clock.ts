import type { Clock } from '../ports/clock'
import { host } from './globals'

// A longer delay makes timers of every host fire at once; waking early is harmless to those who look at the time.
const longestDelay = 2 ** 31 - 1

let elapsed = 0
let last = 0

/**
 * Counts what the host's monotonic clock has gone forward since it was read last. Tests replace that clock: what goes back,
 * stands still or is no number counts as no time at all. But it is `least` ms, at least.
 */
const read = (least = 0) => {
  const time = Math.floor((host.performance ?? Date).now())
  if (time > last) elapsed += time - last
  if (least > elapsed) elapsed = least
  last = time
  return elapsed
}

/** The host's own timers. They keep a Node process alive until they fire. */
export const hostClock: Clock = {
  now: () => Date.now(),
  elapsed: () => read(),
  after(ms, run) {
    // Hosts cut off what is no whole number.
    const delay = Math.min(Math.ceil(ms), longestDelay)
    const at = read() + delay
    const timer = host.setTimeout(() => {
      // When a timer has fired, its time is over, even if the host's clock stood still meanwhile.
      read(at)
      run()
    }, delay)
    return () => host.clearTimeout(timer)
  },
}
