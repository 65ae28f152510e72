import { isFunction } from './type-guards'

/** Whether `value` can be awaited: a promise of any make. */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return isFunction((value as { then?: unknown } | null | undefined)?.then)
}

/**
 * Runs foreign code and tells how it ended, exactly once: `ok` with what it gave or `failed` with what it threw or
 * rejected with. Code that does not wait is answered at once, without a promise.
 */
export function fence<T>(
  run: () => T | PromiseLike<T>,
  ok: (value: T) => void,
  failed: (reason: unknown) => void,
): void {
  let value: T | PromiseLike<T>
  let pending: boolean
  try {
    value = run()
    pending = isThenable(value)
  } catch (reason) {
    failed(reason)
    return
  }
  // A thenable's own `then` is foreign code as well; `Promise.resolve` fences it and lets it settle only once.
  if (pending) Promise.resolve(value).then(ok, failed)
  else ok(value as T)
}
