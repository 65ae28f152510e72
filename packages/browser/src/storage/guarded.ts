/**
 * For what may fail at any call: storage that is missing, denied or full, and text that others wrote. Then the answer is
 * `otherwise`.
 */
export function guarded<T>(call: () => T): T | undefined
export function guarded<T>(call: () => T, otherwise: T): T
export function guarded<T>(call: () => T, otherwise?: T): T | undefined {
  try {
    return call()
  } catch {
    return otherwise
  }
}
