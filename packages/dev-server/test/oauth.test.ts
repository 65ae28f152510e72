import { randomUUID } from 'node:crypto'
import { exportJWK, exportSPKI, generateKeyPair, SignJWT } from 'jose'
import { describe, expect, it } from 'vitest'
import { createDevServer, DevServerError, type OAuthOptions } from '../src/index'
import { startDevServer, trackCall } from './helpers/start-dev-server'

const registered = await generateKeyPair('RS256')
const stranger = await generateKeyPair('RS256')
const client = { clientId: 'client-1', keyId: 'key-1', publicKey: await exportSPKI(registered.publicKey) }

interface AssertionFields {
  claims?: Record<string, unknown>
  header?: Record<string, unknown>
  key?: Parameters<SignJWT['sign']>[0]
}

async function startOAuth(oauth: Partial<OAuthOptions> = {}, now = Date.now) {
  const server = await startDevServer({ oauth: { clients: [client], ...oauth }, now })
  const sign = ({ claims = {}, header = {}, key = registered.privateKey }: AssertionFields = {}) => {
    const time = Math.floor(now() / 1000)
    return new SignJWT({
      iss: 'client-1',
      sub: 'client-1',
      aud: server.url,
      iat: time - 5,
      exp: time + 55,
      jti: randomUUID(),
      ...claims,
    })
      .setProtectedHeader({ alg: 'RS256', kid: 'key-1', typ: 'JWT', ...header })
      .sign(key)
  }
  // As Segment's SDK writes it: a form whose values are not escaped.
  const form = (assertion: string, scope = 'tracking_api:write') =>
    `grant_type=client_credentials&client_assertion_type=urn:ietf:params:oauth:client-assertion-type:jwt-bearer&client_assertion=${assertion}&scope=${scope}`
  const ask = (body: string) =>
    server.post('/token', body, { 'content-type': 'application/x-www-form-urlencoded' })
  const fetchToken = async () =>
    ((await ask(form(await sign()))).body as { access_token: string }).access_token
  return { ...server, sign, form, ask, fetchToken }
}

describe('POST /token', () => {
  it('gives a token for a good assertion, and the token opens the tracking routes', async () => {
    const { ask, form, sign, post, client } = await startOAuth({ tokenLifetimeSeconds: 120 })

    const { status, body } = await ask(form(await sign()))

    expect(status).toBe(200)
    expect(body).toEqual({
      access_token: expect.any(String),
      expires_in: 120,
      token_type: 'Bearer',
      scope: 'tracking_api:write',
    })
    const bearer = { authorization: `Bearer ${(body as { access_token: string }).access_token}` }
    expect((await post('/v1/batch', { writeKey: 'dev', batch: [trackCall()] }, bearer)).status).toBe(200)
    expect((await post('/v1/track', trackCall({ writeKey: 'other' }), bearer)).status).toBe(401)
    expect(await client.events()).toHaveLength(1)
  })

  it('reads a public key that is a JWK', async () => {
    const { ask, form, sign } = await startOAuth({
      clients: [{ ...client, publicKey: await exportJWK(registered.publicKey) }],
    })

    expect((await ask(form(await sign()))).status).toBe(200)
  })

  it.each([
    { case: 'the URL with a slash', aud: (url: string) => `${url}/` },
    { case: 'the token endpoint', aud: (url: string) => `${url}/token` },
    { case: 'localhost', aud: (url: string) => url.replace('127.0.0.1', 'localhost') },
    { case: "Segment's server", aud: () => 'https://oauth2.segment.io' },
  ])('takes $case as audience', async ({ aud }) => {
    const { ask, form, sign, url } = await startOAuth()

    expect((await ask(form(await sign({ claims: { aud: aud(url) } })))).status).toBe(200)
  })

  const seconds = Math.floor(Date.now() / 1000)
  it.each<{ case: string; assertion: AssertionFields }>([
    { case: 'signed by another key', assertion: { key: stranger.privateKey } },
    { case: 'with an unknown kid', assertion: { header: { kid: 'key-2' } } },
    { case: 'without kid', assertion: { header: { kid: undefined } } },
    { case: 'for another issuer', assertion: { claims: { iss: 'client-2' } } },
    { case: 'for another subject', assertion: { claims: { sub: 'client-2' } } },
    { case: 'for another audience', assertion: { claims: { aud: 'https://other.example' } } },
    { case: 'without audience', assertion: { claims: { aud: undefined } } },
    { case: 'that is over', assertion: { claims: { exp: seconds - 60 } } },
    { case: 'without end', assertion: { claims: { exp: undefined } } },
    { case: 'that holds for a day', assertion: { claims: { exp: seconds + 86_400 } } },
    { case: 'that is not valid yet', assertion: { claims: { nbf: seconds + 600 } } },
    { case: 'without jti', assertion: { claims: { jti: undefined } } },
    { case: 'with a jti that is no text', assertion: { claims: { jti: 5 } } },
  ])('refuses an assertion $case', async ({ assertion }) => {
    const { ask, form, sign } = await startOAuth()

    const { status, body } = await ask(form(await sign(assertion)))

    expect(status).toBe(401)
    expect(body).toEqual({ error: 'invalid_client', error_description: expect.any(String) })
  })

  it('refuses an assertion that is signed with the public key as a shared secret, or not at all', async () => {
    const { ask, form, sign } = await startOAuth()
    const shared = await sign({ header: { alg: 'HS256' }, key: new TextEncoder().encode(client.publicKey) })
    const [, claims = ''] = (await sign()).split('.')
    const none = `${Buffer.from('{"alg":"none","kid":"key-1"}').toString('base64url')}.${claims}.`

    expect((await ask(form(shared))).status).toBe(401)
    expect((await ask(form(none))).status).toBe(401)
  })

  it('takes an assertion only once', async () => {
    const { ask, form, sign } = await startOAuth()
    const assertion = await sign()

    const answers = await Promise.all([ask(form(assertion)), ask(form(assertion)), ask(form(assertion))])

    expect(answers.map(({ status }) => status).sort()).toEqual([200, 401, 401])
  })

  it.each([
    { case: 'an empty body', body: () => '', status: 400, error: 'unsupported_grant_type' },
    {
      case: 'another grant',
      body: (good: string) => good.replace('client_credentials', 'password'),
      status: 400,
      error: 'unsupported_grant_type',
    },
    {
      case: 'another kind of assertion',
      body: (good: string) => good.replace('jwt-bearer', 'saml2'),
      status: 400,
      error: 'invalid_request',
    },
    {
      case: 'no assertion',
      body: (good: string) => good.replace(/client_assertion=[^&]+/, ''),
      status: 401,
      error: 'invalid_client',
    },
    {
      case: 'an assertion of rubbish',
      body: (good: string) => good.replace(/client_assertion=[^&]+/, 'client_assertion=a.b.c'),
      status: 401,
      error: 'invalid_client',
    },
    {
      case: 'a scope it does not have',
      body: (good: string) => good.replace('tracking_api:write', 'admin'),
      status: 400,
      error: 'invalid_scope',
    },
  ])('refuses $case in the words of the standard', async ({ body, status, error }) => {
    const { ask, form, sign } = await startOAuth()

    const answer = await ask(body(form(await sign())))

    expect(answer.status).toBe(status)
    expect(answer.body).toEqual({ error, error_description: expect.any(String) })
  })

  it('refuses everybody when no client is registered', async () => {
    const { ask, form, sign } = await startOAuth({ clients: [] })

    expect((await ask(form(await sign()))).status).toBe(401)
  })

  it('can be made ill by a fault that names it', async () => {
    const { ask, form, sign, client } = await startOAuth()
    await client.faults({ kind: 'status', status: 429, retryAfter: 2, times: 1, routes: ['token'] })

    const limited = await ask(form(await sign()))

    expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, '2'])
    expect((await ask(form(await sign()))).status).toBe(200)
  })
})

describe('access tokens', () => {
  it('end after their lifetime', async () => {
    let time = Date.now()
    const { fetchToken, post } = await startOAuth({ tokenLifetimeSeconds: 60 }, () => time)
    const bearer = { authorization: `Bearer ${await fetchToken()}` }

    expect((await post('/v1/track', trackCall(), bearer)).status).toBe(200)
    time += 60_000
    const over = await post('/v1/track', trackCall(), bearer)

    expect(over.status).toBe(401)
    expect(over.body).toMatchObject({ error: { code: 'token_expired' } })
  })

  it('can be required', async () => {
    const { fetchToken, post } = await startOAuth({ required: true })

    expect((await post('/v1/track', trackCall())).body).toMatchObject({ error: { code: 'token_required' } })
    expect(
      (await post('/v1/track', trackCall(), { authorization: `Bearer ${await fetchToken()}` })).status,
    ).toBe(200)
  })
})

it('refuses to start with a public key that cannot be read', async () => {
  const start = createDevServer({
    port: 0,
    memory: true,
    oauth: { clients: [{ ...client, publicKey: 'not a key' }] },
  })

  await expect(start).rejects.toBeInstanceOf(DevServerError)
  await expect(start).rejects.toMatchObject({ code: 'invalid_option', facts: { keyId: 'key-1' } })
})
