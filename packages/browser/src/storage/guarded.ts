/** Storage of a browser may be missing, denied or full at any call; then the answer is `otherwise`. */
export function guarded<T>(call: () => T): T | undefined
export function guarded<T>(call: () => T, otherwise: T): T
export function guarded<T>(call: () => T, otherwise?: T): T | undefined {
  try {
    return call()
  } catch {
    return otherwise
  }
}
