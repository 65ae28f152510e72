/** Gives any thrown value as an `Error`. */
export function toError(reason: unknown): Error {
  if (reason instanceof Error) return reason
  return new Error(textOf(reason), { cause: reason })
}

function textOf(value: unknown): string {
  try {
    return String(value)
  } catch {
    // Its own `toString` throws, or it has none.
    return Object.prototype.toString.call(value)
  }
}
