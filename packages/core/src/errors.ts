/**
 * A call or a setting holds something that cannot be accepted. `field` names it; the message starts with it.
 *
 * @example
 * try { analytics.track(body) } catch (error) { if (error instanceof ValidationError) reply(400, error.message) }
 */
export class ValidationError extends Error {
  override readonly name = 'ValidationError'
  /** What was wrong: `.userId`, `.event`, `writeKey`, `flushAt`… */
  declare readonly field: string

  constructor(field: string, message: string, options?: { cause?: unknown }) {
    super(`${field} ${message}`, options)
    this.field = field
  }
}
