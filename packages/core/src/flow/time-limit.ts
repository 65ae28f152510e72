import { hostClock } from '../host/clock'
import type { Clock } from '../ports/clock'

/** How long foreign code may take. `ms: 0` stands for as long as it likes. */
export interface TimeLimit {
  readonly clock: Clock
  readonly ms: number
}

/** Foreign code did not answer within the time it was given. */
export class TimeLimitError extends Error {
  override readonly name = 'TimeLimitError'

  constructor(what: string, ms: number) {
    super(`${what} did not finish within ${ms} ms`)
  }
}

/** Settles like `promise`, or rejects with a `TimeLimitError` that names `what` when the time is up. */
export function withTimeLimit<T>(promise: T | PromiseLike<T>, limit: TimeLimit, what: string): Promise<T> {
  if (limit.ms === 0) return Promise.resolve(promise)
  return settleWithin(promise, limit, () => new TimeLimitError(what, limit.ms))
}

/** Settles like `promise`, or rejects with `Promise timed out` after `ms` milliseconds. Leaves no timer behind. */
export function pTimeout<T>(promise: T | PromiseLike<T>, ms: number): Promise<T> {
  return settleWithin(promise, { clock: hostClock, ms }, () => new Error('Promise timed out'))
}

function settleWithin<T>(promise: T | PromiseLike<T>, limit: TimeLimit, late: () => Error): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const cancel = limit.clock.after(limit.ms, () => reject(late()))
    const settled = Promise.resolve(promise)
    settled.then(resolve, reject)
    settled.then(cancel, cancel)
  })
}
