import type { FastifyInstance } from 'fastify'
import { createStrike } from '../faults/strike'
import type { ServerParts } from '../server-parts'
import { Problem } from './problem'
import { readBody } from './read-body'
import { createTellMistake } from './tell-mistake'

const grantType = 'client_credentials'
const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'
const limitBytes = 32 * 1024

/** OAuth 2.0 as Segment's SDKs speak it: client credentials, shown by a signed assertion. Errors have the form of RFC 6749. */
export function tokenRoutes(
  app: FastifyInstance,
  parts: Pick<ServerParts, 'options' | 'faults' | 'replies' | 'arrivals' | 'tokens' | 'verifyAssertion'>,
): void {
  const { options, tokens, verifyAssertion } = parts
  const strikeRequest = createStrike(parts)
  const tellMistake = createTellMistake(parts)

  const answer = async (text: string): Promise<Record<string, unknown>> => {
    const form = new URLSearchParams(text)
    if (form.get('grant_type') !== grantType) {
      throw new OAuthProblem(400, 'unsupported_grant_type', `grant_type must be ${grantType}`)
    }
    if (form.get('client_assertion_type') !== assertionType) {
      throw new OAuthProblem(400, 'invalid_request', `client_assertion_type must be ${assertionType}`)
    }
    const scope = form.get('scope') ?? options.oauth.scopes.join(' ')
    const result = await verifyAssertion(form.get('client_assertion') ?? '')
    if (!result.valid) throw new OAuthProblem(401, 'invalid_client', result.reason)
    if (!scope.split(' ').every((one) => options.oauth.scopes.includes(one))) {
      throw new OAuthProblem(400, 'invalid_scope', `scope must be out of: ${options.oauth.scopes.join(' ')}`)
    }
    const { token, expiresInSeconds } = tokens.issue()
    return { access_token: token, expires_in: expiresInSeconds, token_type: 'Bearer', scope }
  }

  app.post('/token', async (request, reply) => {
    const { text } = await readBody(request.body, request.headers['content-encoding'], limitBytes)
    const strike = strikeRequest('token', reply)
    if (await strike.before()) return reply
    const answered = await answer(text).catch((error: unknown) => {
      throw error instanceof OAuthProblem ? tellMistake('token', 'auth', error) : error
    })
    if (await strike.after()) return reply
    return answered
  })
}

class OAuthProblem extends Problem {
  override toJSON(): Record<string, unknown> {
    return { error: this.code, error_description: this.message }
  }
}
