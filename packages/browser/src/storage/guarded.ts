/** Storage of a browser may be missing, denied or full at any call; then the answer is `otherwise`. */
export function guarded<T>(call: () => T, otherwise: T): T {
  try {
    return call()
  } catch {
    return otherwise
  }
}
