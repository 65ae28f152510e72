import type { RefusalReason } from '../store/counters'

/** A request that cannot be served, as the caller will read it. */
export class Problem extends Error {
  override readonly name = 'Problem'

  constructor(
    readonly status: number,
    /** A word to branch on, such as `malformed_json`. */
    readonly code: string,
    message: string,
    readonly facts: Readonly<Record<string, unknown>> = {},
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message)
  }

  /** The body of the answer; every error of this server has this form. */
  toJSON(): Record<string, unknown> {
    return { success: false, error: { code: this.code, message: this.message, ...this.facts } }
  }
}

/** Says under which heading a refused tracking request is counted. */
export function refusalReason(problem: Problem): RefusalReason {
  switch (problem.code) {
    case 'body_too_large':
      return 'tooLarge'
    case 'rate_limited':
      return 'rateLimit'
    case 'store_not_usable':
      return 'store'
    case 'invalid_events':
      return 'strict'
    default:
      return problem.status === 401 ? 'auth' : 'malformed'
  }
}
