/** Tells living pages from dead ones, so that a lane is taken over once, and only when its page is gone. */
export interface LaneGuard {
  /** This page lives. */
  hold(): void
  /** This page is going to sleep or to die: whoever wants its lane may have it. */
  release(): void
  /** Runs `takeOver` if the page of that lane is gone and nobody else is taking it over. Never rejects. */
  ifDead(lane: string, takeOver: () => void): Promise<void>
}

/** The part of `navigator.locks` that is used. */
export interface Locks {
  request(name: string, options: { ifAvailable?: boolean }, run: (lock: unknown) => unknown): Promise<unknown>
}

/**
 * A living page holds a lock that bears its lane's name; the browser lets go of it when the page dies, whatever it dies
 * of. A page with a lock cannot sleep in the back/forward cache, so it must be released when the page is left.
 */
export function createLockGuard(locks: Locks, name: string, lane: string): LaneGuard {
  let release: (() => void) | undefined
  return {
    hold() {
      if (release) return
      const untilReleased = new Promise<void>((resolve) => {
        release = resolve
      })
      locks.request(name + lane, {}, () => untilReleased).catch(() => {})
    },
    release() {
      release?.()
      release = undefined
    },
    async ifDead(other, takeOver) {
      try {
        await locks.request(name + other, { ifAvailable: true }, (lock) => {
          if (lock) takeOver()
        })
      } catch {
        // Locks are denied here, as in some sandboxed frames: the lane waits for a page that may have them.
      }
    },
  }
}
