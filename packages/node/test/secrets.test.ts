import { generateKeyPairSync } from 'node:crypto'
import { inspect } from 'node:util'
import { afterEach, describe, expect, it } from 'vitest'
import { Analytics, type AnalyticsSettings, FetchHTTPClient, NodeHTTPClient } from '../src'
import { leaveNothingBehind, until } from './support/leave-nothing'
import { type Behavior, closeServers, startServer } from './support/local-server'

leaveNothingBehind()
afterEach(closeServers)

const writeKey = 'the-write-key'
const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const clientKey = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
const accessToken = 'the-access-token'

const secrets = [
  writeKey,
  btoa(`${writeKey}:`),
  accessToken,
  // As it stands, and as `JSON.stringify` and `inspect` write it.
  ...clientKey.split('\n').filter((line) => line.length > 20 && !line.startsWith('-----')),
]

/** Whatever a logger could make of a value: all that is reachable from it, hidden properties included. */
function everythingOf(value: unknown): string {
  const everything = { depth: Number.POSITIVE_INFINITY, maxStringLength: null, maxArrayLength: null }
  return [
    inspect(value),
    inspect(value, everything),
    inspect(value, { ...everything, showHidden: true, customInspect: false }),
    inspect({ ...Object(value) }, everything),
    json(value),
  ].join('\n')
}

function json(value: unknown): string {
  try {
    return String(JSON.stringify(value))
  } catch {
    return 'circular'
  }
}

const secretsIn = (value: unknown) => secrets.filter((secret) => everythingOf(value).includes(secret))

const isToken = (path: string) => path === '/token'

/** Gives out tokens, and leaves batches without an answer. */
const hang: Behavior = (response, { path }) => {
  if (isToken(path)) response.end(JSON.stringify({ access_token: accessToken, expires_in: 3_600 }))
}

const accept: Behavior = (response, received, count) =>
  isToken(received.path) ? hang(response, received, count) : response.end('{}')

const reset: Behavior = (response, received, count) =>
  isToken(received.path) ? hang(response, received, count) : response.socket?.resetAndDestroy()

const refuse: Behavior = (response, received, count) => {
  if (isToken(received.path)) return hang(response, received, count)
  response.statusCode = 400
  response.end('{}')
}

const httpClients = { FetchHTTPClient, NodeHTTPClient }

describe.each(['FetchHTTPClient', 'NodeHTTPClient'] as const)('with %s, secrets are shown by', (name) => {
  const start = async (behave: Behavior, settings: Partial<AnalyticsSettings> = {}) => {
    const server = await startServer(behave)
    const httpClient = new httpClients[name]()
    const oauthSettings = { clientId: 'app', clientKey, keyId: 'key-1', authServer: server.url }
    const analytics = new Analytics({
      writeKey,
      host: server.url,
      flushAt: 1,
      maxRetries: 0,
      httpClient,
      oauthSettings,
      ...settings,
    })
    const batches = () => server.requests.filter(({ path }) => !isToken(path))
    return { analytics, batches, httpClient }
  }

  it.each([
    ['OAuth', {}],
    ['a write key', { oauthSettings: undefined }],
  ])(
    'neither the client nor its parts, with %s, before a request, during one and afterwards',
    async (_, settings) => {
      const { analytics, batches, httpClient } = await start(hang, settings)
      const queue: unknown = Reflect.get(analytics, '_queue')
      const parts = [analytics, analytics.scoped, queue, Reflect.get(Object(queue), 'plugins'), httpClient]
      expect(parts.map(secretsIn)).toEqual(parts.map(() => []))

      analytics.track({ userId: 'u', event: 'Order Completed' })
      await until(() => batches().length === 1)
      expect(batches()).toHaveLength(1)
      expect(parts.map(secretsIn)).toEqual(parts.map(() => []))

      await analytics.closeAndFlush({ timeout: 1 })
      expect(parts.map(secretsIn)).toEqual(parts.map(() => []))
    },
  )

  it.each([
    ['accepts', accept],
    ['refuses', refuse],
    ['resets', reset],
  ])('no context, error or batch that listeners are given, when the server %s', async (_, behave) => {
    const { analytics } = await start(behave)
    const told: unknown[] = []
    for (const event of ['register', 'dispatch_start', 'track', 'flush', 'error', 'drained'] as const) {
      analytics.on(event, (...given) => told.push(given))
    }
    analytics.track({ userId: 'u', event: 'Order Completed' }, (...given) => told.push(given))
    await analytics.closeAndFlush()

    expect(told.length).toBeGreaterThan(3)
    expect(told.map(secretsIn)).toEqual(told.map(() => []))
  })
})

describe('a client that is logged', () => {
  it('shows its name, its version and its counts, not the events of others', async () => {
    const analytics = new Analytics({ writeKey, disable: true })
    analytics.track({ userId: 'ada', event: 'Order Completed' })
    await analytics.closeAndFlush()
    const shown = { library: '@sluice/node', version: analytics.VERSION, counts: analytics.counts() }

    expect(JSON.parse(JSON.stringify(analytics))).toEqual(shown)
    expect(inspect(analytics)).toBe(`Analytics ${inspect(shown)}`)
  })
})
