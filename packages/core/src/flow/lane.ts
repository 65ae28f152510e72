/**
 * Keeps order. Whoever takes a number may do its work in any order and at any speed; what it hands in with that
 * number is run in the order in which numbers were taken. While nobody is slow, this costs two additions.
 */
export interface Lane {
  /** Takes the next number. Each number must be handed in, whatever happened, or those behind it wait for ever. */
  enter(): number
  /**
   * Runs `task` once every lower number was handed in: at once, if they all were. If a task throws, those behind it
   * are run all the same.
   */
  leave(number: number, task: () => void): void
}

export function createLane(): Lane {
  let next = 0
  let serving = 0
  const early = new Map<number, () => void>()
  return {
    enter: () => next++,
    leave(number, task) {
      if (number !== serving) {
        early.set(number, task)
        return
      }
      let failure: { reason: unknown } | undefined
      for (let next: typeof task | undefined = task; next; next = early.get(serving)) {
        early.delete(serving)
        try {
          next()
        } catch (reason) {
          failure ??= { reason }
        }
        serving++
      }
      if (failure) throw failure.reason
    },
  }
}
