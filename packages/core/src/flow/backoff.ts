export interface BackoffParams {
  /** How many times it was tried. */
  attempt: number
  /** The first delay, in ms. @default 500 */
  minTimeout?: number
  /** No delay is longer, in ms. @default Infinity */
  maxTimeout?: number
  /** Each delay is so many times the one before. @default 2 */
  factor?: number
}

/** How long to wait before the next try, in ms: grows with every attempt, spread over one to two times its base. */
export function backoff(params: BackoffParams, random: () => number = Math.random): number {
  const { attempt, minTimeout = 500, maxTimeout = Number.POSITIVE_INFINITY, factor = 2 } = params
  return Math.min((1 + random()) * minTimeout * factor ** attempt, maxTimeout)
}
