import { type Clock, hostClock } from '@sluice/core/internal'

const longestDelay = 2 ** 31 - 1

/** Timers that don't keep the process alive, on runtimes that know the difference. */
export const backgroundClock: Clock = {
  ...hostClock,
  after(ms, run) {
    const timer: unknown = setTimeout(run, Math.min(ms, longestDelay))
    if (typeof timer === 'object' && timer !== null && 'unref' in timer && typeof timer.unref === 'function')
      timer.unref()
    return () => clearTimeout(timer as ReturnType<typeof setTimeout>)
  },
}
