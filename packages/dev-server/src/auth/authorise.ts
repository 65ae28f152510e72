import { Problem } from '../http/problem'
import type { AccessTokens } from './access-tokens'
import { type CredentialSources, readCredentials } from './credentials'

/** What to do about a write key that the server does not know. */
export const otherKeys = 'Name it with --write-key (writeKeys), or take every key with --any-key (anyKey)'

export interface AuthRules {
  writeKeys: readonly string[]
  /** Every write key is taken. */
  anyKey: boolean
  /** A write key alone is not enough. */
  tokenRequired: boolean
  tokens: AccessTokens
}

/** Makes the door of the tracking routes: it answers the write key of a request, or throws a 401. */
export function createAuthorise(rules: AuthRules): (sources: CredentialSources) => string {
  const known = new Set(rules.writeKeys)
  return (sources) => {
    const { writeKey, bearer } = readCredentials(sources)
    if (bearer !== undefined) checkToken(rules.tokens.check(bearer))
    else if (rules.tokenRequired)
      throw refusal('token_required', 'This server asks for a Bearer token from /token')
    if (writeKey === undefined) {
      throw refusal(
        'write_key_missing',
        'No write key: send it by Basic authorization, as writeKey in the body, or as ?writeKey=',
      )
    }
    if (!rules.anyKey && !known.has(writeKey))
      throw refusal('write_key_unknown', `The write key is not one of this server. ${otherKeys}`)
    return writeKey
  }
}

function checkToken(state: ReturnType<AccessTokens['check']>): void {
  switch (state) {
    case 'valid':
      return
    case 'expired':
      throw refusal('token_expired', 'The access token has expired')
    case 'unknown':
      throw refusal('token_unknown', 'The access token was not issued by this server')
  }
}

function refusal(code: string, message: string): Problem {
  return new Problem(401, code, message, {}, { 'www-authenticate': 'Basic realm="sluice", charset="UTF-8"' })
}
