import { generateKeyPairSync, verify } from 'node:crypto'
import { fields, text } from './fields'
import type { Fields } from './library'
import type { ScriptedAnswer, ScriptedClient, SentRequest } from './scripted-client'

const keys = generateKeyPairSync('rsa', { modulusLength: 2048 })

export const clientKey = keys.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
export const oldClientKey = keys.privateKey.export({ type: 'pkcs1', format: 'pem' }).toString()

export const oauthSettings = { clientId: 'client', clientKey, keyId: 'key' }

export function tokenAnswer(token = 'token', expiresIn = 3_600): ScriptedAnswer {
  return { status: 200, text: JSON.stringify({ access_token: token, expires_in: expiresIn }) }
}

export const isTokenRequest = (request: SentRequest) => request.url.endsWith('/token')

export function tokenRequests(http: ScriptedClient): SentRequest[] {
  return http.requests.filter(isTokenRequest)
}

export function eventRequests(http: ScriptedClient): SentRequest[] {
  return http.requests.filter((request) => !isTokenRequest(request))
}

/** The assertion in a token request, with its signature checked. */
export function readAssertion(request: SentRequest | undefined): {
  header: Fields
  claims: Fields
  genuine: boolean
} {
  const assertion = text(new URLSearchParams(request?.body).get('client_assertion'))
  const [header = '', claims = '', signature = ''] = assertion.split('.')
  const decode = (part: string) => fields(JSON.parse(Buffer.from(part, 'base64url').toString('utf8')))
  return {
    header: decode(header),
    claims: decode(claims),
    genuine: verify(
      'RSA-SHA256',
      Buffer.from(`${header}.${claims}`),
      keys.publicKey,
      Buffer.from(signature, 'base64url'),
    ),
  }
}
