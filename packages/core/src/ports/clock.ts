/** Time, as the engine sees it. Given from outside, so that tests can make it stand still. */
export interface Clock {
  /** Milliseconds since 1970-01-01T00:00Z. */
  now(): number
  /** Calls `run` once, `ms` milliseconds from now. The function it returns takes that back. */
  after(ms: number, run: () => void): () => void
}
