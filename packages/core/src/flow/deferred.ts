/** A promise together with the means to settle it. */
export interface Deferred<T> {
  promise: Promise<T>
  resolve(value: T | PromiseLike<T>): void
  reject(reason?: unknown): void
  /** True from the moment `resolve` or `reject` was called, even if it was with a promise that is still pending. */
  isSettled(): boolean
}

/** Makes a promise that is settled from outside. */
export function createDeferred<T>(): Deferred<T> {
  let settled = false
  let resolvePromise: (value: T | PromiseLike<T>) => void = () => {}
  let rejectPromise: (reason?: unknown) => void = () => {}
  const promise = new Promise<T>((resolve, reject) => {
    resolvePromise = resolve
    rejectPromise = reject
  })
  return {
    promise,
    resolve(value) {
      settled = true
      resolvePromise(value)
    },
    reject(reason) {
      settled = true
      rejectPromise(reason)
    },
    isSettled: () => settled,
  }
}
