import { errors, importJWK, importSPKI, type JWTPayload, jwtVerify } from 'jose'
import { DevServerError } from '../dev-server-error'
import type { OAuthClient } from './oauth-options'

export type AssertionResult = { valid: true; clientId: string } | { valid: false; reason: string }

export interface AssertionRules {
  clients: readonly OAuthClient[]
  audiences(): readonly string[]
  now(): number
}

const algorithm = 'RS256'
// SDKs ask for a minute. A far `exp` would make us remember its `jti` for as long.
const longestLifetimeSeconds = 3_600
const clockToleranceSeconds = 5

/**
 * Makes the check of client assertions: signature, key id, issuer and subject, audience, times, and that no assertion is
 * used twice. Keys are read here, so that a key that cannot be read fails the start and not the first token.
 */
export async function createVerifyAssertion(
  rules: AssertionRules,
): Promise<(assertion: string) => Promise<AssertionResult>> {
  const keys = new Map<string, { clientId: string; key: Awaited<ReturnType<typeof readKey>> }>()
  for (const client of rules.clients) {
    keys.set(client.keyId, { clientId: client.clientId, key: await readKey(client) })
  }
  const endOfUsed = new Map<string, number>()

  const takeOnce = ({ jti, exp }: JWTPayload, nowSeconds: number): boolean => {
    for (const [id, end] of endOfUsed) if (end < nowSeconds) endOfUsed.delete(id)
    if (jti === undefined || exp === undefined || endOfUsed.has(jti)) return false
    endOfUsed.set(jti, exp + clockToleranceSeconds)
    return true
  }

  return async (assertion) => {
    try {
      let clientId = ''
      const { payload } = await jwtVerify(
        assertion,
        ({ kid }) => {
          const registered = keys.get(kid ?? '')
          if (registered === undefined) throw new Unacceptable(`kid ${JSON.stringify(kid)} is not registered`)
          clientId = registered.clientId
          return registered.key
        },
        {
          algorithms: [algorithm],
          audience: [...rules.audiences()],
          requiredClaims: ['iss', 'sub', 'aud', 'exp', 'jti'],
          clockTolerance: clockToleranceSeconds,
          currentDate: new Date(rules.now()),
        },
      )
      const nowSeconds = rules.now() / 1000
      if (payload.iss !== clientId || payload.sub !== clientId)
        return invalid('iss and sub must both be the client id of the key')
      if (typeof payload.jti !== 'string' || payload.jti === '') return invalid('jti must be a string')
      if ((payload.exp ?? 0) > nowSeconds + longestLifetimeSeconds)
        return invalid('exp is more than an hour away')
      return takeOnce(payload, nowSeconds) ? { valid: true, clientId } : invalid('jti has been used before')
    } catch (error) {
      if (error instanceof Unacceptable || error instanceof errors.JOSEError) return invalid(error.message)
      // Whatever else a hostile token can provoke in a parser is the token's fault, not the server's.
      return invalid('the assertion cannot be read')
    }
  }
}

class Unacceptable extends Error {}

function invalid(reason: string): AssertionResult {
  return { valid: false, reason }
}

async function readKey({ clientId, keyId, publicKey }: OAuthClient) {
  try {
    return typeof publicKey === 'string'
      ? await importSPKI(publicKey, algorithm)
      : await importJWK(publicKey, algorithm)
  } catch (cause) {
    throw new DevServerError(
      'invalid_option',
      `oauth: the public key ${keyId} of ${clientId} is neither PEM (SPKI) nor a JWK of an RSA key`,
      { option: 'oauth.clients', clientId, keyId },
      cause,
    )
  }
}
