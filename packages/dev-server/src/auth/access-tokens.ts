import { randomBytes } from 'node:crypto'

export interface AccessTokens {
  issue(): { token: string; expiresInSeconds: number }
  /** Says whether a token was issued here and still holds. */
  check(token: string): 'valid' | 'expired' | 'unknown'
}

/** Hands out tokens and remembers them while this process lives: a restart asks SDKs to fetch a new one, as outages do. */
export function createAccessTokens(lifetimeSeconds: number, now: () => number): AccessTokens {
  const endOf = new Map<string, number>()
  return {
    issue() {
      const token = randomBytes(32).toString('base64url')
      // Over is told from never issued for one more lifetime; then a token is forgotten.
      for (const [old, end] of endOf) if (end + lifetimeSeconds * 1000 < now()) endOf.delete(old)
      endOf.set(token, now() + lifetimeSeconds * 1000)
      return { token, expiresInSeconds: lifetimeSeconds }
    },
    check(token) {
      const end = endOf.get(token)
      if (end === undefined) return 'unknown'
      return end > now() ? 'valid' : 'expired'
    },
  }
}
