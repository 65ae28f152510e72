/** Chance, as the engine sees it: jitter for retries and ids that nobody can guess. */
export interface Randomness {
  /** A number in [0, 1). */
  random(): number
  /** A version 4 UUID, every bit of it unpredictable. */
  uuid(): string
}
