import type { Clock } from '../ports/clock'

/**
 * Keeps order. Whoever takes a number may do its work in any order and at any speed; what it hands in with that
 * number is run in the order in which numbers were taken. Nobody waits for long: what has waited for slower ones for
 * all of its patience overtakes them. While nobody is slow, this costs two additions.
 */
export interface Lane {
  /** Takes the next number. One that is never handed in holds up others no longer than one that is slow. */
  enter(): number
  /**
   * Runs `task` once every lower number was handed in or overtaken: at once, if they all were. If a task throws, those
   * behind it are run all the same.
   */
  leave(number: number, task: () => void): void
}

/** The number of those that wait for nobody, and for whom nobody waits. */
export const noPlace = -1

export function createLane(clock: Clock, patienceMs = 1_000): Lane {
  let next = 0
  let serving = 0
  let isServing = false
  let stopTimer = () => {}
  // In the order in which they were handed in, so that the first of them is due first.
  const early = new Map<number, { readonly task: () => void; readonly dueAt: number }>()

  /** Runs what was handed in up to a number, and what follows it without a gap. */
  const serve = (until: number, own?: () => void) => {
    let failure: { reason: unknown } | undefined
    isServing = true
    for (let task = own; serving <= until || early.has(serving); task = undefined) {
      task ??= early.get(serving)?.task
      early.delete(serving)
      try {
        task?.()
      } catch (reason) {
        failure ??= { reason }
      }
      serving++
    }
    isServing = false
    setTimer()
    if (failure) throw failure.reason
  }

  const setTimer = () => {
    stopTimer()
    const [first] = early.values()
    if (first) stopTimer = clock.after(first.dueAt - clock.elapsed(), overtake)
  }

  const overtake = () => {
    let last = noPlace
    for (const [number, { dueAt }] of early) {
      if (dueAt <= clock.elapsed()) last = Math.max(last, number)
    }
    serve(last)
  }

  return {
    enter: () => next++,
    leave(number, task) {
      if (number === serving) serve(number, task)
      else if (number < serving) task()
      else {
        early.set(number, { task, dueAt: clock.elapsed() + patienceMs })
        if (!isServing && early.size === 1) setTimer()
      }
    },
  }
}
