/**
 * A call or a setting holds something that cannot be accepted. `field` names it; the message starts with it.
 *
 * @example
 * try { analytics.track(body) } catch (error) { if (error instanceof ValidationError) reply(400, error.message) }
 */
export class ValidationError extends Error {
  override readonly name = 'ValidationError'
  /** What was wrong: `.userId`, `.event`, `writeKey`, `flushAt`… */
  readonly field: string

  constructor(field: string, message: string) {
    super(`${field} ${message}`)
    this.field = field
  }
}

/** Gives any thrown value as an `Error`. */
export function toError(reason: unknown): Error {
  if (reason instanceof Error) return reason
  let text = 'a value that cannot be shown as text'
  try {
    text = String(reason)
  } catch {
    // Its own `toString` throws, or it has none.
  }
  return new Error(text, { cause: reason })
}
