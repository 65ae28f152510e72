import type { Clock, KeyValueStore } from '@sluice/core/internal'
import { guarded } from '../storage/guarded'

/**
 * Shows other pages that this one lives, so that its lane is taken over once, and only when the page is gone. How to
 * tell whether the page of another lane lives is for `claimLane`, which is loaded when it is needed.
 */
export type LaneGuard = LockGuard | LeaseGuard

interface Guard {
  /** The lane is used, and its page lives. Does nothing while the page sleeps. */
  hold(): void
  /** The lane holds nothing, so it need not be guarded. */
  letGo(): void
  /** This page is going to sleep or to die: whoever wants its lane may have it. */
  release(): void
  /** The page is awake again. */
  wake(): void
  /** Before the lane's name, in the names of locks or the keys of leases. */
  readonly prefix: string
}

export interface LockGuard extends Guard {
  readonly locks: Locks
}

export interface LeaseGuard extends Guard {
  readonly leases: KeyValueStore
  readonly clock: Clock
  /** The lane of this page. */
  readonly lane: string
}

/** The part of `navigator.locks` that is used. */
export interface Locks {
  request(
    name: string,
    options: { ifAvailable?: boolean; signal?: AbortSignal },
    run: (lock: unknown) => unknown,
  ): Promise<unknown>
}

/**
 * A living page holds a lock that bears its lane's name; the browser lets go of it when the page dies, whatever it dies
 * of. A page with a lock cannot sleep in the back/forward cache, so it must be released when the page is left; Firefox
 * decides before that, so it must be released as soon as there is nothing to guard.
 */
export function createLockGuard(locks: Locks, prefix: string, lane: string): LockGuard {
  let release: (() => void) | undefined
  let isAsleep = false
  const letGo = () => {
    release?.()
    release = undefined
  }
  return {
    locks,
    prefix,
    hold() {
      if (release || isAsleep) return
      // A request that is still open keeps the page awake as well.
      const controller = new AbortController()
      const untilReleased = new Promise<void>((resolve) => {
        release = () => {
          resolve()
          controller.abort()
        }
      })
      guarded(() =>
        locks.request(prefix + lane, { signal: controller.signal }, () => untilReleased).catch(() => {}),
      )
    },
    release() {
      isAsleep = true
      letGo()
    },
    letGo,
    wake() {
      isAsleep = false
    },
  }
}
