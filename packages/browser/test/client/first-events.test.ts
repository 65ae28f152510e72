import { afterEach, describe, expect, it, vi } from 'vitest'
import type { InitOptions } from '../../src'
import type { AnalyticsBrowserSettings } from '../../src/browser-settings'
import { type FakeServer, settingsOf, startServer, usualSettings } from './support/fake-server'
import {
  advance,
  leavePage,
  load,
  outbox,
  plugin,
  setOnline,
  settled,
  stateOf,
  useFreshPages,
} from './support/start-page'

const client = vi.hoisted(() => ({ arrived: Promise.resolve(), arrive() {} }))

vi.mock('../../src/extensions', async (original) => {
  const { extensions }: typeof import('../../src/extensions') = await original()
  return {
    extensions: async (...args: Parameters<typeof extensions>) => {
      await client.arrived
      return extensions(...args)
    },
  }
})

/** The code of some destination takes its time, and the client waits for it. */
function holdClient(): void {
  client.arrived = new Promise((resolve) => {
    client.arrive = resolve
  })
}

useFreshPages()

afterEach(() => client.arrive())

describe('the first events of a page', () => {
  it('are sent while the client is still being loaded, as the client sends them', async () => {
    const server = startServer()
    const [analytics] = await load()
    await analytics.track('A', { total: 1 }, { context: { ip: '0.0.0.0' } })
    holdClient()
    void load().track('A', { total: 1 }, { context: { ip: '0.0.0.0' } })
    await settled()

    const [later, early] = server.requests.map(({ url, init: { body, signal, ...init }, body: event }) => ({
      url,
      init,
      event: { ...event, messageId: '' },
    }))
    expect(early).toBeDefined()
    expect(early).toEqual(later)
  })

  it('are not sent again by the client, and their calls end with the answer', async () => {
    const server = startServer()
    server.script('hang')
    holdClient()
    const tracked = load().track('A')
    await settled()
    expect(server.names).toEqual(['A'])
    client.arrive()
    expect(await stateOf(tracked)).toBe('pending')
    server.answer()

    expect((await tracked).event.event).toBe('A')
    expect(server.names).toEqual(['A'])
    expect(outbox()).toEqual([])
  })

  it('are tried again by the client when the server was ill', async () => {
    const server = startServer()
    server.script(500, 200)
    holdClient()
    const analytics = load()
    void analytics.track('A')
    await settled()
    client.arrive()
    await analytics
    await advance(60_000)

    expect(server.requests).toMatchObject([
      { body: { event: 'A' }, init: { headers: expect.not.objectContaining({ 'X-Retry-Count': '1' }) } },
      { body: { event: 'A' }, init: { headers: { 'X-Retry-Count': '1' } } },
    ])
    expect(outbox()).toEqual([])
  })

  it('that were delivered are not kept for the next page, though this one dies before its client is there', async () => {
    const server = startServer()
    holdClient()
    void load().track('A')
    await settled()
    expect(outbox()).toEqual([])
    await leavePage()
    client.arrived = Promise.resolve()
    await load()
    await settled()

    expect(server.names).toEqual(['A'])
  })

  it('that were not are sent by the next page', async () => {
    const server = startServer()
    server.script('hang', 200)
    holdClient()
    void load().track('A')
    await settled()
    await leavePage()
    client.arrived = Promise.resolve()
    await load()
    await settled()

    expect(server.names).toEqual(['A', 'A'])
    expect(new Set(server.events.map(({ messageId }) => messageId)).size).toBe(1)
  })

  it('are not held up by a plan that welcomes all', async () => {
    const server = startServer()
    holdClient()
    const plan = { track: { __default: { enabled: true, integrations: {} } } }
    void load({}, { cdnSettings: { ...usualSettings, plan } }).track('A')
    await settled()

    expect(server.names).toEqual(['A'])
  })

  it('are eight at most; those behind them follow with the client', async () => {
    const server = startServer()
    holdClient()
    const analytics = load()
    for (let number = 1; number <= 10; number++) void analytics.track(`E${number}`)
    await settled()
    expect(server.names).toHaveLength(8)
    client.arrive()
    await analytics.flush()

    expect(server.names).toEqual(Array.from({ length: 10 }, (_, index) => `E${index + 1}`))
  })

  it('are left to the client when they cannot be sent as the page wants it', async () => {
    const server = startServer()
    holdClient()
    const headers = () => {
      throw new Error('mine')
    }
    const analytics = load({ integrations: { 'Segment.io': { deliveryStrategy: { config: { headers } } } } })
    void analytics.track('A')
    await settled()
    client.arrive()

    await expect(analytics).resolves.toHaveLength(2)
    expect(server.requests).toEqual([])
  })
})

describe('the first events wait for the client', () => {
  const batching = { 'Segment.io': { deliveryStrategy: { strategy: 'batching' } } } as const
  const action = { name: 'A', creationName: 'A', url: 'https://a.test/a.js', libraryName: 'a', settings: {} }
  interface Case {
    options?: InitOptions
    settings?: Partial<AnalyticsBrowserSettings>
    server?: (server: FakeServer) => void
    before?: (analytics: ReturnType<typeof load>) => void
    call?: object
  }
  const cases: [string, Case][] = [
    ['where the page brings a plugin', { settings: { plugins: [plugin()] } }],
    ['where a plugin was registered before', { before: (analytics) => void analytics.register(plugin()) }],
    [
      'where middleware was added before',
      { before: (analytics) => void analytics.addSourceMiddleware(() => {}) },
    ],
    ['where somebody listens', { before: (analytics) => void analytics.on('track', () => {}) }],
    ['where they go in batches', { options: { integrations: batching } }],
    ['where the page has a plan', { options: { plan: { track: { A: { enabled: false } } } } }],
    [
      'where the source has a plan',
      { settings: { cdnSettings: { ...usualSettings, plan: { track: { A: { enabled: false } } } } } },
    ],
    [
      'where the source has actions',
      { settings: { cdnSettings: { ...usualSettings, remotePlugins: [action] } } },
    ],
    [
      'where the source has middleware',
      { settings: { cdnSettings: { ...usualSettings, enabledMiddleware: { a: true } } } },
    ],
    ['that are large', { call: { context: { text: 'x'.repeat(160_000) } } }],
    ['that are no JSON', { call: { context: { number: 1n } } }],
    [
      'while the page is offline',
      { settings: { cdnSettings: usualSettings }, before: () => setOnline(false) },
    ],
    ['that go to no server', { options: { integrations: { All: false } } }],
    ['that say so themselves', { call: { integrations: { 'Segment.io': false } } }],
  ]

  it.each(cases)('%s', async (_, { options, settings, before, call }) => {
    const server = startServer()
    server.settings = settingsOf('key')
    holdClient()
    const analytics = load(options, settings)
    before?.(analytics)
    analytics.track('A', {}, call).catch(() => {})
    await settled()

    expect(server.requests).toEqual([])
    setOnline(true)
  })
})
