import type { Clock } from '@sluice/core/internal'
import { backgroundClock } from '../platform/background-clock'

/** Ends a request that takes longer than `ms`. Returns the way out. The request keeps the process alive, not this. */
export function startRequestTimer(ms: number, giveUp: () => void): () => void {
  return patientClock(backgroundClock).after(ms, giveUp)
}

/** A clock whose timers look once more at what has arrived before they run. */
export function patientClock(clock: Clock): Clock {
  return {
    ...clock,
    after(ms, run) {
      let cancel = clock.after(ms, () => {
        cancel = afterArrivals(run)
      })
      return () => cancel()
    },
  }
}

/**
 * Runs `run` after one turn of the event loop. When the loop was blocked, timers fire before anybody could look at what
 * the sockets hold: the answer may be there already. Returns the way out.
 */
function afterArrivals(run: () => void): () => void {
  // Not every runtime has them; by their bare names, bundlers for the edge warn of them.
  const { setImmediate: runNext, clearImmediate: cancel } = globalThis as Partial<typeof globalThis>
  if (runNext && cancel) {
    const turn = runNext(run)
    return () => cancel(turn)
  }
  const turn = setTimeout(run, 0)
  return () => clearTimeout(turn)
}
