/** Time, as the engine sees it. Given from outside, so that tests can make it stand still. */
export interface Clock {
  /**
   * The date, in milliseconds since 1970-01-01T00:00Z: for timestamps and for what other machines and pages read. It may
   * jump, stand still or be no number, so nothing is ever waited for by it.
   */
  now(): number
  /**
   * Milliseconds since some moment of the clock's own. It never goes back, whatever becomes of the date: for waits, limits
   * and durations.
   */
  elapsed(): number
  /** Calls `run` once, `ms` milliseconds from now. The function it returns takes that back. */
  after(ms: number, run: () => void): () => void
}
