import { generateKeyPairSync, webcrypto } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import { createFakeClock, settled } from '@sluice/testing'
import { decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose'
import { describe, expect, it, vi } from 'vitest'
import {
  Analytics,
  type AnalyticsSettings,
  type HTTPClient,
  type HTTPClientRequest,
  type HTTPFetchFn,
  type HTTPResponse,
  NodeHTTPClient,
  type OAuthSettings,
} from '../src'
import { createHTTPTransport } from '../src/http/http-transport'
import type { OAuthConfig } from '../src/oauth/settings'
import { createTokenSource } from '../src/oauth/token-source'
import { tools } from '../src/oauth/tools'
import { readSettings } from '../src/settings'
import { leaveNothingBehind, until } from './support/leave-nothing'
import { startServer } from './support/local-server'
import { bothDelivered, bothFailed, sendTwoEvents } from './support/send-two-events'

leaveNothingBehind()

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const clientKey = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
const pkcs1Key = privateKey.export({ type: 'pkcs1', format: 'pem' }).toString()
const credentials = { clientId: 'client-1', clientKey, keyId: 'key-1' }

const badKey = '"pkcs8" must be PKCS#8 formatted string'

type Reply = Partial<HTTPResponse> | 'hang' | 'reset'

function tokenReply(token: string, lifetime: number, headers: Record<string, string> = {}): Reply {
  return { headers, text: async () => JSON.stringify({ access_token: token, expires_in: lifetime }) }
}

/** The settings as the client reads them. */
function readOAuth(settings: Partial<OAuthSettings>): OAuthConfig {
  const oauthSettings = { ...credentials, authServer: 'https://auth.example', ...settings }
  const config = readSettings({ writeKey: 'key', oauthSettings }).oauthSettings
  if (!config) throw new Error('There are no settings for OAuth')
  return config
}

/** A token source over a scripted authorisation server; its last reply is repeated. Time stands still. */
function startSource({
  replies = [tokenReply('token', 3_600)],
  maxRetries = 3,
  ...settings
}: Partial<OAuthSettings> & { replies?: Reply[]; maxRetries?: number } = {}) {
  const clock = createFakeClock()
  const backgroundClock = createFakeClock()
  const requests: HTTPClientRequest[] = []
  const signals: (AbortSignal | undefined)[] = []
  let ids = 0

  const client: HTTPClient = {
    async makeRequest(request, call) {
      requests.push(request)
      signals.push(call?.signal)
      const reply = replies[Math.min(requests.length, replies.length) - 1] ?? {}
      if (reply === 'reset') throw new Error('connection reset')
      if (reply === 'hang') return new Promise(() => {})
      return { status: 200, statusText: 'OK', ...reply }
    },
  }
  const source = createTokenSource({
    ...tools,
    settings: readOAuth(settings),
    client,
    maxRetries,
    clock,
    backgroundClock,
    subtle: () => webcrypto.subtle,
    random: () => 0,
    uuid: () => `id-${++ids}`,
  })
  return {
    source,
    clock,
    backgroundClock,
    requests,
    signals,
    /** Signing takes real time, so requests are waited for. */
    async requested(count: number) {
      await until(() => requests.length >= count)
      await settled()
      expect(requests).toHaveLength(count)
    },
    async advance(ms: number) {
      await Promise.all([clock.advance(ms), backgroundClock.advance(ms)])
    },
    /** Lets time pass until `promise` settles, whatever it waits for. Answers what came of it. */
    async endOf(promise: Promise<string>): Promise<string> {
      let end: string | undefined
      promise.then(
        (token) => {
          end = token
        },
        (error: Error) => {
          end = `rejected: ${error.message}`
        },
      )
      await until(() => {
        void clock.advance(10)
        return end !== undefined
      })
      return end ?? 'pending'
    },
    assertion: (index: number) =>
      new URLSearchParams(requests[index]?.body).get('client_assertion') ?? 'no assertion',
  }
}

describe('a token request', () => {
  it('is a form with a signed assertion', async () => {
    const { source, requests, assertion } = startSource()

    expect(await source.token()).toBe('token')
    expect(requests).toEqual([
      {
        url: 'https://auth.example/token',
        method: 'POST',
        headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
        body: [
          'grant_type=client_credentials',
          'client_assertion_type=urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
          `client_assertion=${assertion(0)}`,
          'scope=tracking_api:write',
        ].join('&'),
        httpRequestTimeout: 10_000,
      },
    ])
  })

  it('says in the assertion who asks, whom, and from when to when', async () => {
    const { source, clock, assertion } = startSource()
    await source.token()
    const now = clock.now() / 1_000
    const { payload } = await jwtVerify(assertion(0), publicKey, { currentDate: new Date(clock.now()) })

    expect(Object.entries(decodeProtectedHeader(assertion(0)))).toEqual([
      ['alg', 'RS256'],
      ['kid', 'key-1'],
      ['typ', 'JWT'],
    ])
    expect(payload).toEqual({
      iss: 'client-1',
      sub: 'client-1',
      aud: 'https://auth.example',
      iat: now - 5,
      exp: now + 55,
      jti: 'id-1',
    })
  })

  it('never uses the id of an assertion again', async () => {
    const { source, requested, advance, assertion } = startSource({
      replies: [{ status: 500 }, tokenReply('token', 60)],
    })
    const token = source.token()
    await requested(1)
    await advance(1_000)
    await token

    expect([0, 1].map((index) => decodeJwt(assertion(index)).jti)).toEqual(['id-1', 'id-2'])
  })

  it.each(['https://auth.example', 'https://auth.example/', 'https://auth.example//'])(
    'goes to the right path of %s',
    async (authServer) => {
      const { source, requests, assertion } = startSource({ authServer })
      await source.token()

      expect(requests[0]?.url).toBe('https://auth.example/token')
      expect(decodeJwt(assertion(0)).aud).toBe(authServer)
    },
  )

  it.each([
    ['tracking_api:write', 'tracking_api:write'],
    ['a:read b:write', 'a:read%20b:write'],
    ['a&b=c+d', 'a%26b%3Dc%2Bd'],
  ])('escapes the scope %s where it has to', async (scope, sent) => {
    const { source, requests } = startSource({ scope })
    await source.token()

    expect(requests[0]?.body.split('&scope=')[1]).toBe(sent)
  })

  it.each([
    ['an hour behind', '2026-01-01T01:00:00Z', 3_600],
    ['a minute ahead', '2025-12-31T23:59:00Z', -60],
  ])('goes by the clock of the server when ours is %s', async (_, serverTime, seconds) => {
    const date = new Date(serverTime).toUTCString()
    const { source, clock, assertion } = startSource({ replies: [tokenReply('token', 60, { DATE: date })] })
    await source.token()
    source.discard('token')
    await source.token()

    expect(decodeJwt(assertion(0)).iat).toBe(clock.now() / 1_000 - 5)
    expect(decodeJwt(assertion(1)).iat).toBe(clock.now() / 1_000 + seconds - 5)
  })

  it.each(['', 'yesterday', '31 Foo 2026'])('is not misled by the date “%s”', async (date) => {
    const { source, clock, assertion } = startSource({ replies: [tokenReply('token', 60, { date })] })
    await source.token()
    source.discard('token')
    await source.token()

    expect(decodeJwt(assertion(1)).iat).toBe(clock.now() / 1_000 - 5)
  })

  it('learns the time from a refusal, too', async () => {
    const date = 'Thu, 01 Jan 2026 01:00:00 GMT'
    const { source, clock, assertion } = startSource({
      replies: [{ status: 401, statusText: 'Unauthorized', headers: { date } }, tokenReply('token', 60)],
    })

    await expect(source.token()).rejects.toThrow('[401] Unauthorized')
    await source.token()

    expect(decodeJwt(assertion(1)).iat).toBe(clock.now() / 1_000 + 3_600 - 5)
  })
})

describe('given a token', () => {
  it('is fetched once for all who ask while it is on its way', async () => {
    const { source, requests } = startSource()
    const tokens = await Promise.all([1, 2, 3, 4, 5].map(() => source.token()))

    expect(tokens).toEqual(Array(5).fill('token'))
    expect(requests).toHaveLength(1)
  })

  it('is used until it is renewed, which happens once, at half of its life', async () => {
    const { source, requested, advance, backgroundClock } = startSource({
      replies: [tokenReply('first', 3_600), tokenReply('second', 3_600)],
    })
    await source.token()
    await advance(1_799_999)
    await requested(1)
    const before = await source.token()
    await advance(1)
    await requested(2)
    await until(() => backgroundClock.timers === 1)

    expect([before, await source.token()]).toEqual(['first', 'second'])
    expect(backgroundClock.timers).toBe(1)

    await advance(1_799_999)
    await requested(2)
    await advance(1)
    await requested(3)
  })

  it('is used to the end of its life when it could not be renewed, and not beyond', async () => {
    const { source, requested, advance, requests } = startSource({
      maxRetries: 0,
      replies: [tokenReply('first', 100), 'reset', tokenReply('second', 100)],
    })
    await source.token()
    await advance(50_000)
    await requested(2)
    await advance(49_999)
    const last = await source.token()
    await advance(1)

    expect([last, await source.token()]).toEqual(['first', 'second'])
    expect(requests).toHaveLength(3)
  })

  it('is replaced when it was refused, once for all who were refused', async () => {
    const { source, requests, backgroundClock } = startSource({
      replies: [tokenReply('first', 60), tokenReply('second', 60)],
    })
    const old = await source.token()
    source.discard(old)
    const fresh = await source.token()
    source.discard(old)

    expect([fresh, await source.token()]).toEqual(['second', 'second'])
    expect(requests).toHaveLength(2)
    expect(backgroundClock.timers).toBe(1)
  })

  it.each([0, -60])('that lives for %i s is used once and not renewed for ever', async (lifetime) => {
    const { source, requests, backgroundClock } = startSource({ replies: [tokenReply('token', lifetime)] })

    expect(await source.token()).toBe('token')
    expect(await source.token()).toBe('token')
    expect(requests).toHaveLength(2)
    expect(backgroundClock.timers).toBe(0)
  })

  it('that lives for an instant is not renewed more than twice a second', async () => {
    const { source, requested, advance } = startSource({ replies: [tokenReply('token', 0.001)] })
    await source.token()
    await advance(499)
    await requested(1)
    await advance(1)
    await requested(2)
  })
})

describe('given an authorisation server in trouble', () => {
  it.each([400, 401, 415])('takes a %i for its last word', async (status) => {
    const { source, requests, endOf } = startSource({ replies: [{ status, statusText: 'No' }] })

    expect(await endOf(source.token())).toBe(`rejected: [${status}] No`)
    expect(requests).toHaveLength(1)
  })

  it.each([403, 404, 408, 500, 501, 503, 511])('asks again after a %i, maxRetries times', async (status) => {
    const { source, requests, endOf } = startSource({ replies: [{ status, statusText: 'No' }] })

    expect(await endOf(source.token())).toBe(`rejected: [${status}] No`)
    expect(requests).toHaveLength(4)
  })

  it('waits longer and longer between the tries', async () => {
    const { source, requested, advance, endOf } = startSource({
      replies: ['reset', 'reset', tokenReply('token', 60)],
    })
    const token = source.token()
    await requested(1)
    await advance(99)
    await requested(1)
    await advance(1)
    await requested(2)
    await advance(199)
    await requested(2)

    expect(await endOf(token)).toBe('token')
    await requested(3)
  })

  it('comes back when the server that had too much said so, and not before', async () => {
    const { source, requested, advance, endOf } = startSource({
      maxRetries: 0,
      replies: [
        { status: 429, statusText: 'Too Many Requests', headers: { 'Retry-After': '7' } },
        tokenReply('token', 60),
      ],
    })
    const token = source.token()
    await requested(1)
    await advance(6_999)
    await requested(1)
    await advance(1)
    await requested(2)

    expect(await endOf(token)).toBe('token')
  })

  it('tells everybody who waits, asks anew for the next one, and leaves no timer', async () => {
    const { source, clock, requests, endOf } = startSource({
      maxRetries: 0,
      replies: [{ status: 500, statusText: 'Oops' }, tokenReply('token', 60)],
    })
    const ends = await Promise.all([source.token(), source.token()].map(endOf))
    const timers = clock.timers

    expect(ends).toEqual(['rejected: [500] Oops', 'rejected: [500] Oops'])
    expect(timers).toBe(0)
    expect(await source.token()).toBe('token')
    expect(requests).toHaveLength(2)
  })

  it('gives up a client that hangs, and tells it so', async () => {
    const { source, requested, advance, signals, endOf, clock } = startSource({
      maxRetries: 0,
      replies: ['hang'],
    })
    const token = source.token()
    await requested(1)
    await advance(10_999)
    const isGivenUpEarly = signals[0]?.aborted

    expect(await endOf(token)).toBe('rejected: httpClient did not finish within 11000 ms')
    expect([isGivenUpEarly, signals[0]?.aborted]).toEqual([false, true])
    expect(clock.timers).toBe(0)
  })

  it('gives up a body that does not end', async () => {
    const { source, requested, advance, endOf } = startSource({
      maxRetries: 0,
      replies: [{ text: () => new Promise(() => {}) }],
    })
    const token = source.token()
    await requested(1)
    await advance(10_999)

    expect(await endOf(token)).toBe('rejected: response body did not finish within 11000 ms')
  })

  const failingText = () => Promise.reject(new Error('terminated'))

  it('asks again when the body breaks off', async () => {
    const { source, endOf } = startSource({ replies: [{ text: failingText }, tokenReply('token', 60)] })

    expect(await endOf(source.token())).toBe('token')
  })

  it.each<[string, Reply, string]>([
    ['has no text method', {}, 'HTTPClient does not implement response.text method'],
    ['is not JSON', { text: async () => '<html>' }, 'The authorisation server did not answer in JSON'],
    ['is empty', { text: async () => '' }, 'The authorisation server did not answer in JSON'],
    ['is null', { text: async () => 'null' }, 'The authorisation server answered without an access_token'],
    [
      'has no token',
      { text: async () => '{"expires_in":60}' },
      'The authorisation server answered without an access_token',
    ],
    [
      'has a token that no header can hold',
      { text: async () => '{"access_token":"top\\nsecret","expires_in":60}' },
      'The authorisation server answered with an access_token that cannot be put into a header',
    ],
    ['has no status', { status: undefined } as unknown as Reply, 'The httpClient answered without a status'],
    ['fails, and its body as well', { status: 500, statusText: 'Oops', text: failingText }, '[500] Oops'],
    ['fails, without a text method', { status: 401, statusText: 'No' }, '[401] No'],
  ])('says what is wrong when its answer %s', async (_, reply, message) => {
    const { source, endOf } = startSource({ maxRetries: 0, replies: [reply] })

    expect(await endOf(source.token())).toBe(`rejected: ${message}`)
  })
})

describe('how long a token lives', () => {
  const answerWith = (more: object): Reply => ({
    text: async () => JSON.stringify({ access_token: 'token', ...more }),
  })

  it.each<[string, object, number]>([
    ['a number of seconds', { expires_in: 60 }, 60],
    ['the same as text', { expires_in: '60' }, 60],
    ['an hour when the server does not say', {}, 3_600],
    ['an hour when it says null', { expires_in: null }, 3_600],
    ['an hour when it says something else', { expires_in: 'soon' }, 3_600],
    ['an hour when it says nothing at length', { expires_in: ' ' }, 3_600],
  ])('is %s', async (_, more, seconds) => {
    const { source, clock, requests } = startSource({ replies: [answerWith(more)] })
    await source.token()
    await clock.advance(seconds * 1_000 - 1)
    await source.token()
    expect(requests).toHaveLength(1)

    await clock.advance(1)
    await source.token()
    expect(requests).toHaveLength(2)
  })

  it('is read behind a byte order mark', async () => {
    const text = async () => '\uFEFF{"access_token":"token"}'
    const { source } = startSource({ replies: [{ text }] })

    expect(await source.token()).toBe('token')
  })

  it('says nothing about the line end behind some of them', async () => {
    const { source } = startSource({ replies: [answerWith({ access_token: 'token\n' })] })

    expect(await source.token()).toBe('token')
  })
})

describe('given a private key', () => {
  it('reads it with its line ends written as they are in environment variables', async () => {
    const { source } = startSource({ clientKey: clientKey.replaceAll('\n', '\\n') })

    expect(await source.token()).toBe('token')
  })

  it('tries again after a failure that was not the fault of the key', async () => {
    let failures = 1
    const { source } = startSource()
    const importKey = vi.spyOn(webcrypto.subtle, 'importKey').mockImplementation((...given) => {
      if (failures-- > 0) return Promise.reject(new Error('EMFILE'))
      importKey.mockRestore()
      return Reflect.apply(webcrypto.subtle.importKey, webcrypto.subtle, given)
    })

    await expect(source.token()).rejects.toThrow('EMFILE')
    expect(await source.token()).toBe('token')
  })
})

describe('given a key that cannot be read', () => {
  it.each([
    ['PKCS#1', pkcs1Key],
    ['garbage', 'garbage'],
  ])('says so at once, without a request: %s', async (_, key) => {
    const { source, requests, clock } = startSource({ clientKey: key, maxRetries: 10 })

    await expect(source.token()).rejects.toThrow(badKey)
    await expect(source.token()).rejects.toThrow(badKey)

    expect(requests).toEqual([])
    expect(clock.timers).toBe(0)
  })
})

describe('when it is stopped', () => {
  it('renews no more', async () => {
    const { source, clock, backgroundClock } = startSource()
    await source.token()
    source.stop()

    expect([clock.timers, backgroundClock.timers]).toEqual([0, 0])
  })

  it('breaks off a request that is under way, even if the client does not listen', async () => {
    const { source, requested, signals, clock, backgroundClock } = startSource({ replies: ['hang'] })
    const token = source.token()
    token.catch(() => {})
    await requested(1)
    source.stop()

    await expect(token).rejects.toThrow('The client was closed before it had a token')
    expect(signals[0]?.aborted).toBe(true)
    await settled()
    expect([clock.timers, backgroundClock.timers]).toEqual([0, 0])
  })

  it('waits for no further try', async () => {
    const { source, requested, clock, backgroundClock } = startSource({ replies: ['reset'] })
    const token = source.token()
    token.catch(() => {})
    await requested(1)
    source.stop()

    await expect(token).rejects.toThrow('The client was closed before it had a token')
    expect([clock.timers, backgroundClock.timers]).toEqual([0, 0])
  })

  it('makes no request that had not begun', async () => {
    const { source, requests } = startSource()
    const token = source.token()
    token.catch(() => {})
    source.stop()

    await expect(token).rejects.toThrow('The client was closed before it had a token')
    await expect(source.token()).rejects.toThrow('The client was closed before it had a token')
    expect(requests).toEqual([])
  })
})

describe('given a request that waits for its credentials', () => {
  it('is not made when it was aborted meanwhile', async () => {
    let give = (_header: string) => {}
    const header = new Promise<string>((resolve) => {
      give = resolve
    })
    const requests: HTTPClientRequest[] = []
    const heard: unknown[] = []
    const transport = createHTTPTransport({
      url: 'https://api.example',
      client: {
        async makeRequest(request) {
          requests.push(request)
          return { status: 200, statusText: 'OK' }
        },
      },
      authorization: { header: () => header, refused: () => false, lastFailure: () => undefined, stop() {} },
      timeout: 1_000,
      clock: createFakeClock(),
      onRequest: (request) => heard.push(request),
      onResponse: (response) => heard.push(response),
    })
    const { answer, abort } = transport.exchange({ body: '{}', retryCount: 0 })
    abort()
    give('Bearer late')

    await expect(Promise.resolve(answer)).rejects.toThrow('The request was aborted')
    expect([...requests, ...heard]).toEqual([])
  })
})

/** An authorisation server that checks assertions, and a Tracking API that answers by the script, at last for ever. */
async function startBackend({
  token = (_response, _count, give) => give(),
  tracking = [200],
}: {
  token?: (response: ServerResponse, count: number, give: () => void) => void
  tracking?: number[]
} = {}) {
  const auth = await startServer((response, request, count) => {
    const assertion = new URLSearchParams(request.body).get('client_assertion') ?? ''
    const give = () =>
      response.end(
        JSON.stringify({ access_token: `token-${count}`, expires_in: 3_600, token_type: 'Bearer' }),
      )
    jwtVerify(assertion, publicKey, { audience: auth.url, issuer: 'client-1', subject: 'client-1' }).then(
      () => token(response, count, give),
      () => response.writeHead(401, 'Bad Assertion').end(),
    )
  })
  const api = await startServer((response, _, count) => {
    response.writeHead(tracking[Math.min(count, tracking.length) - 1] ?? 200).end('{}')
  })
  return {
    auth,
    api,
    settings: { host: api.url, oauthSettings: { ...credentials, authServer: auth.url } },
    /** What each request to the Tracking API was authorised with. */
    used: () => api.requests.map(({ headers }) => headers.authorization),
  }
}

describe('given a client with OAuth', () => {
  it.each<[string, Partial<AnalyticsSettings>]>([
    ['the default client', {}],
    ['gzip', { gzip: true }],
    ['a fetch function', { httpClient: (url, init) => fetch(url, init) }],
    ['NodeHTTPClient with gzip', { httpClient: new NodeHTTPClient({ gzip: true }) }],
  ])('delivers with a token, through %s', async (_, more) => {
    const { auth, settings, used } = await startBackend()
    const ending = await sendTwoEvents({ ...settings, ...more })

    expect(ending).toMatchObject(bothDelivered)
    expect(used()).toEqual(['Bearer token-1'])
    expect(auth.requests).toMatchObject([
      { method: 'POST', path: '/token', headers: { 'content-type': 'application/x-www-form-urlencoded' } },
    ])
  })

  it('shares one token between batches that are sent at the same time', async () => {
    const { auth, settings, used } = await startBackend()
    const analytics = new Analytics({ writeKey: 'key', flushAt: 1, maxConcurrentRequests: 5, ...settings })
    for (let count = 0; count < 5; count++) analytics.track({ userId: 'u', event: `Event ${count}` })
    await analytics.closeAndFlush()

    expect(analytics.counts()).toMatchObject({ delivered: 5, failed: 0 })
    expect(used()).toEqual(Array(5).fill('Bearer token-1'))
    expect(auth.requests).toHaveLength(1)
  })

  it('keeps the token for later batches', async () => {
    const { auth, settings, used } = await startBackend()
    const analytics = new Analytics({ writeKey: 'key', ...settings })
    for (let count = 0; count < 3; count++) {
      analytics.track({ userId: 'u', event: `Event ${count}` })
      await analytics.flush()
    }
    await analytics.closeAndFlush()

    expect(used()).toEqual(Array(3).fill('Bearer token-1'))
    expect(auth.requests).toHaveLength(1)
  })

  it.each([401, 403])('sends again at once with a fresh token after a %i', async (status) => {
    const { auth, api, settings, used } = await startBackend({ tracking: [status, 200] })
    const ending = await sendTwoEvents(settings)

    expect(ending).toMatchObject(bothDelivered)
    expect(used()).toEqual(['Bearer token-1', 'Bearer token-2'])
    expect(api.requests.map(({ headers }) => headers['x-retry-count'])).toEqual([undefined, '1'])
    expect(auth.requests).toHaveLength(2)
  })

  it('fetches one fresh token for all batches that were refused together', async () => {
    const { auth, settings, used } = await startBackend({ tracking: [401, 401, 401, 200] })
    const analytics = new Analytics({ writeKey: 'key', flushAt: 1, maxConcurrentRequests: 3, ...settings })
    for (let count = 0; count < 3; count++) analytics.track({ userId: 'u', event: `Event ${count}` })
    await analytics.closeAndFlush()

    expect(analytics.counts()).toMatchObject({ delivered: 3, failed: 0 })
    expect(used()).toEqual([...Array(3).fill('Bearer token-1'), ...Array(3).fill('Bearer token-2')])
    expect(auth.requests).toHaveLength(2)
  })

  it.each([
    [401, '[401] Unauthorized'],
    [403, '[403] Forbidden'],
  ])('fails when a fresh token is answered with %i as well', async (status, reason) => {
    const { auth, settings, used } = await startBackend({ tracking: [status] })
    const ending = await sendTwoEvents({ ...settings, maxRetries: 10 })

    expect(ending).toMatchObject(bothFailed(reason))
    expect(used()).toEqual(['Bearer token-1', 'Bearer token-2'])
    expect(auth.requests).toHaveLength(2)
  })

  it('waits before it tries again after a 511, and takes a fresh token', async () => {
    const { settings, used } = await startBackend({ tracking: [511, 200] })
    const start = performance.now()
    const ending = await sendTwoEvents({ ...settings, maxRetries: 1 })

    expect(ending).toMatchObject(bothDelivered)
    expect(used()).toEqual(['Bearer token-1', 'Bearer token-2'])
    expect(performance.now() - start).toBeGreaterThan(990)
  })

  it('fails what was refused with 400, and takes a fresh token for the rest', async () => {
    const { settings, used } = await startBackend({ tracking: [400, 200] })
    const analytics = new Analytics({ writeKey: 'key', flushAt: 1, ...settings })
    const reasons: unknown[] = []
    analytics.on('error', ({ reason }) => reasons.push(reason))
    for (const event of ['One', 'Two']) {
      analytics.track({ userId: 'u', event })
      await analytics.flush()
    }
    await analytics.closeAndFlush()

    expect(reasons).toEqual([new Error('[400] Bad Request')])
    expect(used()).toEqual(['Bearer token-1', 'Bearer token-2'])
  })

  it('emits nothing about token requests', async () => {
    const { api, settings } = await startBackend()
    const analytics = new Analytics({ writeKey: 'key', flushAt: 1, ...settings })
    const urls: string[] = []
    analytics.on('http_request', ({ url }) => urls.push(url))
    analytics.on('http_response', ({ url }) => urls.push(url))
    analytics.track({ userId: 'u', event: 'One' })
    await analytics.closeAndFlush()

    expect(urls).toEqual([`${api.url}/v1/batch`, `${api.url}/v1/batch`])
  })

  it('fetches tokens with a client of their own', async () => {
    const { auth, api, settings } = await startBackend()
    const urls: string[] = []
    const httpClient: HTTPFetchFn = (url, init) => {
      urls.push(url)
      return fetch(url, init)
    }
    const oauthSettings = { ...settings.oauthSettings, httpClient }
    const ending = await sendTwoEvents({ ...settings, oauthSettings })

    expect(ending).toMatchObject(bothDelivered)
    expect(urls).toEqual([`${auth.url}/token`])
    expect(api.requests).toHaveLength(1)
  })

  it('fails with the reason when the key cannot be read', async () => {
    const { auth, api, settings } = await startBackend()
    const oauthSettings = { ...settings.oauthSettings, clientKey: pkcs1Key }
    const ending = await sendTwoEvents({ ...settings, oauthSettings, maxRetries: 10 })

    // At once: no further try could do better.
    expect(ending).toMatchObject(bothFailed(`oauthSettings.clientKey cannot be read: ${badKey}`))
    expect([...auth.requests, ...api.requests]).toEqual([])
  })

  it('fails, and hangs nowhere, when the authorisation server fails and nothing is tried again', async () => {
    const { auth, api, settings } = await startBackend({
      token: (response) => response.writeHead(500, 'Out of Order').end(),
    })
    const ending = await sendTwoEvents({ ...settings, maxRetries: 0 })

    expect(ending).toMatchObject(bothFailed('[500] Out of Order'))
    expect(auth.requests).toHaveLength(1)
    expect(api.requests).toEqual([])
  })

  it('retries token requests as often as they have a setting of their own', async () => {
    const { auth, settings } = await startBackend({
      token: (response, count, give) => (count < 3 ? response.writeHead(500).end() : give()),
    })
    const oauthSettings = { ...settings.oauthSettings, maxRetries: 2 }
    const ending = await sendTwoEvents({ ...settings, oauthSettings, maxRetries: 0 })

    expect(ending).toMatchObject(bothDelivered)
    expect(auth.requests).toHaveLength(3)
  })

  it('waits when the authorisation server says how long', async () => {
    const { auth, settings } = await startBackend({
      token: (response, count, give) =>
        count === 1 ? response.writeHead(429, { 'Retry-After': '1' }).end() : give(),
    })
    const start = performance.now()
    const ending = await sendTwoEvents(settings)

    expect(ending).toMatchObject(bothDelivered)
    expect(performance.now() - start).toBeGreaterThan(990)
    expect(auth.requests).toHaveLength(2)
  })

  it('fails with the reason when the client cannot read a token', async () => {
    const { settings } = await startBackend()
    const ending = await sendTwoEvents({
      ...settings,
      httpClient: { makeRequest: async () => ({ status: 200, statusText: 'OK' }) },
    })

    expect(ending).toMatchObject(bothFailed('HTTPClient does not implement response.text method'))
  })

  it.each<[string, (response: ServerResponse) => void]>([
    ['hangs', () => {}],
    ['fails', (response) => response.writeHead(500).end()],
    ['asks for patience', (response) => response.writeHead(429, { 'Retry-After': '60' }).end()],
  ])('leaves nothing behind when it is closed while the authorisation server %s', async (_, token) => {
    const { auth, api, settings } = await startBackend({ token })
    const analytics = new Analytics({ writeKey: 'key', flushAt: 1, ...settings })
    const reasons: unknown[] = []
    analytics.on('error', ({ reason }) => reasons.push(reason))
    analytics.track({ userId: 'u', event: 'One' })
    await until(() => auth.requests.length === 1)
    await analytics.closeAndFlush({ timeout: 20 })

    expect(reasons).toMatchObject([{ message: 'Flush timeout' }])
    expect(api.requests).toEqual([])
  })

  it.each<[string, object, (response: ServerResponse) => void]>([
    ['[401] Unauthorized', {}, (response) => response.writeHead(401).end()],
    ['[503] Service Unavailable', {}, (response) => response.writeHead(503).end()],
    ['fetch failed', { authServer: 'http://127.0.0.1:1' }, () => {}],
  ])(
    'says why there was no token when it is closed before there was one: %s',
    async (message, more, token) => {
      const { settings } = await startBackend({ token })
      const oauthSettings = { ...settings.oauthSettings, ...more }
      const analytics = new Analytics({ writeKey: 'key', flushAt: 1, ...settings, oauthSettings })
      const reasons: unknown[] = []
      analytics.on('error', ({ reason }) => reasons.push(reason))
      analytics.track({ userId: 'u', event: 'One' })
      const cause = () => Reflect.get(analytics, 'lastFailure')()
      await until(() => cause() !== undefined)
      await analytics.closeAndFlush({ timeout: 1 })

      expect(reasons).toMatchObject([{ message: 'Flush timeout', cause: { message } }])
    },
  )
})
