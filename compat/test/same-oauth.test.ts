import { beforeAll, describe, expect, it, vi } from 'vitest'
import type { Fields } from '../src/library'
import {
  eventRequests,
  oauthSettings,
  oldClientKey,
  readAssertion,
  tokenAnswer,
  tokenRequests,
} from '../src/oauth'
import { createScriptedClient, type Reply } from '../src/scripted-client'
import { outcomeOf, startClient } from '../src/start-client'
import { nodeSubjects } from '../src/subjects'

const event: Fields = { userId: 'u', event: 'E' }

describe.each(nodeSubjects)('OAuth with $name', (subject) => {
  beforeAll(async () => {
    await subject.load()
  })

  async function sendOne(replies: Reply[], oauth: Fields = {}, settings: Fields = {}) {
    const started = await startClient(subject, {
      replies,
      settings: { maxRetries: 0, oauthSettings: { ...oauthSettings, maxRetries: 1, ...oauth }, ...settings },
    })
    const outcome = await outcomeOf((callback) => started.analytics.track(event, callback))
    await started.analytics.closeAndFlush({ timeout: 1_000 })
    return { ...started, outcome }
  }

  it('gets a token first and sends it with the events', async () => {
    const { http, outcome } = await sendOne([tokenAnswer('secret')])

    expect(outcome.err).toBeUndefined()
    expect(http.requests).toHaveLength(2)
    expect(http.requests[1]?.headers).toMatchObject({
      Authorization: 'Bearer secret',
      'Content-Type': 'application/json',
    })
    expect(Object.keys(http.requests[1]?.payload ?? {})).toEqual(['batch', 'writeKey', 'sentAt'])
  })

  it('asks for the token in the known form', async () => {
    const { http } = await sendOne([tokenAnswer()])

    const [request] = http.requests
    expect(request?.url).toBe('https://oauth2.segment.io/token')
    expect(request?.method).toBe('POST')
    expect(request?.headers).toEqual({ 'Content-Type': 'application/x-www-form-urlencoded' })
    expect(request?.httpRequestTimeout).toBe(10_000)
    const body = new URLSearchParams(request?.body)
    expect([...body.keys()]).toEqual(['grant_type', 'client_assertion_type', 'client_assertion', 'scope'])
    expect(body.get('grant_type')).toBe('client_credentials')
    expect(body.get('client_assertion_type')).toBe('urn:ietf:params:oauth:client-assertion-type:jwt-bearer')
    expect(body.get('scope')).toBe('tracking_api:write')
  })

  it('signs an assertion that lives for a minute', async () => {
    const { http } = await sendOne([tokenAnswer()])

    const { header, claims, genuine } = readAssertion(http.requests[0])
    const now = Date.now() / 1_000
    expect(genuine).toBe(true)
    expect(JSON.stringify(header)).toBe('{"alg":"RS256","kid":"key","typ":"JWT"}')
    expect(claims).toEqual({
      iss: 'client',
      sub: 'client',
      aud: 'https://oauth2.segment.io',
      iat: expect.any(Number),
      exp: expect.any(Number),
      jti: expect.stringMatching(/^\w{8}-\w{4}-\w{4}-\w{4}-\w{12}$/),
    })
    expect(Number(claims.exp) - Number(claims.iat)).toBe(60)
    expect(Math.abs(Number(claims.iat) + 5 - now)).toBeLessThan(10)
  })

  it('uses the server, the scope and the HTTP client of the settings', async () => {
    const own = createScriptedClient([tokenAnswer('own')])
    const { http } = await sendOne([], { authServer: 'https://auth.test', scope: 'mine', httpClient: own })

    expect(own.requests.map(({ url }) => url)).toEqual(['https://auth.test/token'])
    expect(readAssertion(own.requests[0]).claims.aud).toBe('https://auth.test')
    expect(new URLSearchParams(own.requests[0]?.body).get('scope')).toBe('mine')
    expect(http.requests.map(({ headers }) => headers.Authorization)).toEqual(['Bearer own'])
  })

  it('corrects its clock by the date of the server', async () => {
    const ahead = new Date(Date.now() + 600_000).toUTCString()
    const { analytics, http } = await startClient(subject, {
      replies: [
        { status: 200, headers: { Date: ahead }, text: JSON.stringify({ access_token: 'a', expires_in: 0 }) },
        200,
        tokenAnswer('b'),
      ],
      settings: { oauthSettings },
    })

    await outcomeOf((callback) => analytics.track(event, callback))
    await outcomeOf((callback) => analytics.track(event, callback))
    await analytics.closeAndFlush({ timeout: 1_000 })

    const [first, second] = tokenRequests(http).map((request) => Number(readAssertion(request).claims.iat))
    expect((second ?? 0) - (first ?? 0)).toBeGreaterThan(590)
    expect((second ?? 0) - (first ?? 0)).toBeLessThan(620)
  })

  it('keeps a token for later events', async () => {
    const { analytics, http } = await startClient(subject, {
      replies: [tokenAnswer('one')],
      settings: { oauthSettings },
    })

    await outcomeOf((callback) => analytics.track(event, callback))
    await outcomeOf((callback) => analytics.track(event, callback))
    await analytics.closeAndFlush({ timeout: 1_000 })

    expect(tokenRequests(http)).toHaveLength(1)
    expect(eventRequests(http).map(({ headers }) => headers.Authorization)).toEqual([
      'Bearer one',
      'Bearer one',
    ])
  })

  it('does not show token requests to listeners', async () => {
    const { log } = await sendOne([tokenAnswer()])

    expect(log.of('http_request')).toHaveLength(1)
    expect(log.of('http_response')).toHaveLength(1)
  })

  it.each([400, 401, 415])('gives an event up when the token is refused with %i', async (status) => {
    const { http, outcome } = await sendOne([{ status, statusText: 'No', text: '' }])

    expect(outcome.err).toEqual(new Error(`[${status}] No`))
    expect(eventRequests(http)).toHaveLength(0)
  })

  it('asks again at once after a server error', async () => {
    const { http, outcome } = await sendOne([{ status: 500, text: '' }, tokenAnswer('second')], {
      maxRetries: 3,
    })

    expect(outcome.err).toBeUndefined()
    expect(tokenRequests(http)).toHaveLength(2)
    expect(eventRequests(http)[0]?.headers.Authorization).toBe('Bearer second')
  })

  it('waits as long as a 429 says', async () => {
    const { http, outcome } = await sendOne(
      [{ status: 429, headers: { 'retry-after': '1' }, text: '' }, tokenAnswer()],
      {
        maxRetries: 3,
      },
    )

    const [first, second] = tokenRequests(http)
    expect(outcome.err).toBeUndefined()
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(950)
  })

  it.each([
    { title: 'an older format', key: oldClientKey },
    { title: 'no format at all', key: 'garbage' },
  ])('fails an event whose key is in $title, and says why', async ({ key }) => {
    const { outcome, log } = await sendOne([], { clientKey: key })

    expect(outcome.err).toBeInstanceOf(Error)
    expect(String(outcome.err)).toContain('"pkcs8" must be PKCS#8 formatted string')
    expect(log.errors().map(({ code }) => code)).toEqual(['delivery_failure'])
  })

  it('fails an event when the HTTP client gives no text', async () => {
    const { outcome } = await sendOne([200])

    expect(String(outcome.err)).toContain('HTTPClient does not implement response.text method')
  })

  it.each(['', 'no json', '{}', '{"access_token":1,"expires_in":1}', '{"expires_in":1}'])(
    'fails an event when the token server says %j',
    async (text) => {
      const { outcome, http } = await sendOne([{ status: 200, text }])

      expect(outcome.err).toBeInstanceOf(Error)
      expect(eventRequests(http)).toHaveLength(0)
    },
  )

  it('forgets a token that the API refused', async () => {
    const { analytics, http } = await startClient(subject, {
      replies: [tokenAnswer('one'), 400, tokenAnswer('two')],
      settings: { oauthSettings, maxRetries: 0 },
    })
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})

    await outcomeOf((callback) => analytics.track(event, callback))
    await outcomeOf((callback) => analytics.track(event, callback))
    await analytics.closeAndFlush({ timeout: 1_000 })
    warn.mockRestore()

    expect(eventRequests(http).map(({ headers }) => headers.Authorization)).toEqual([
      'Bearer one',
      'Bearer two',
    ])
  })
})
