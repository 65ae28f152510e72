import { describe, expect, it, vi } from 'vitest'
import { settingsOf, startServer, usualSettings } from './support/fake-server'
import {
  advance,
  errorsOf,
  leavePage,
  load,
  outbox,
  settled,
  stateOf,
  useFreshPages,
  writeKey,
} from './support/start-page'

useFreshPages()

describe('settings that', () => {
  it('are there the third time are used', async () => {
    const server = startServer()
    server.settings = 503
    const analytics = load()
    await advance(200)
    expect(server.settingsRequests).toHaveLength(2)
    server.settings = settingsOf('late')
    await advance(1_000)
    await analytics.track('A')

    expect(server.settingsRequests).toHaveLength(3)
    expect(server.events).toMatchObject([{ writeKey: 'late' }])
  })

  it.each([
    ['nobody has', 404],
    ['are none', { integrations: null } as never],
  ])('%s are asked for once and told of as an error, and the usual ones stand in', async (_, answer) => {
    const server = startServer()
    server.settings = answer
    const analytics = load()
    const errors = errorsOf(analytics)
    await analytics.track('A')

    expect(server.settingsRequests).toHaveLength(1)
    expect(server.requests).toMatchObject([{ url: 'https://api.segment.io/v1/t', body: { writeKey } }])
    expect(errors).toMatchObject([[{ code: 'settings_failure', reason: expect.any(Error) }]])
    expect(vi.mocked(console.warn).mock.calls).toMatchObject([
      [expect.stringContaining('Settings'), expect.any(Error)],
    ])
  })

  it('never come are waited for a while, and no longer', async () => {
    const server = startServer()
    server.settings = 'hang'
    const tracked = load().track('A')
    await advance(16_199)
    expect(await stateOf(tracked)).toBe('pending')
    await advance(1)

    expect(server.settingsRequests).toHaveLength(3)
    expect(server.names).toEqual(['A'])
  })

  it('were kept are used when those of today cannot be had', async () => {
    const server = startServer()
    server.settings = settingsOf('kept')
    await load()
    server.settings = 'reset'
    await load().track('A')

    expect(server.events).toMatchObject([{ writeKey: 'kept' }])
  })

  it('were kept serve to deliver alone when those of today cannot be had: scripts of others come from the CDN', async () => {
    const server = startServer()
    const apiHost = 'events.shop.test/v1'
    server.settings = {
      ...settingsOf('kept', { apiHost }),
      remotePlugins: [
        {
          name: 'Vendor',
          creationName: 'Vendor',
          libraryName: 'vendor',
          url: 'https://evil.test/x.js',
          settings: {},
        },
      ],
    }
    await load({ cacheSettings: true })
    await advance(1_000)
    document.head.innerHTML = ''
    await leavePage()
    server.settings = 404

    const analytics = load()
    await analytics.track('A')

    expect((await analytics.settings).cdnSettings).toEqual(settingsOf('kept', { apiHost }))
    expect(document.querySelectorAll('script')).toHaveLength(0)
    expect(server.requests.at(-1)?.url).toBe('https://events.shop.test/v1/t')
  })

  it('were kept are not used when `disable` has to know those of today', async () => {
    const server = startServer()
    await load()
    server.settings = { ...usualSettings, isConsentNeeded: true }
    const disable = vi.fn(() => true)
    await load({ disable })

    expect(disable.mock.calls).toEqual([[server.settings]])
  })

  it('are on the client, with what nobody here knows', async () => {
    const server = startServer()
    server.settings = { ...usualSettings, edgeFunction: { version: 1 } }
    const analytics = load()
    await settled()

    expect((await analytics.settings).cdnSettings).toEqual(server.settings)
  })

  it('are not asked of a host that some script of the page names: it need not have run', async () => {
    const address = `https://evil.test/analytics.js/v1/${writeKey}/analytics.min.js`
    document.body.innerHTML = `<script type="text/plain" src="${address}"></script>`
    const server = startServer()
    await load()

    expect(server.settingsRequests).toEqual([`https://cdn.segment.com/v1/projects/${writeKey}/settings`])
  })

  it('are asked of the CDN that a snippet names, under the name of the global', async () => {
    const server = startServer()
    Reflect.set(globalThis, 'shop', { _cdn: 'https://cdn.shop.test' })
    await load({ globalAnalyticsKey: 'shop' })
    Reflect.deleteProperty(globalThis, 'shop')

    expect(server.settingsRequests).toEqual([`https://cdn.shop.test/v1/projects/${writeKey}/settings`])
  })
})

describe('given a CDN of one’s own that has no settings', () => {
  const cdnURL = 'https://cdn.shop.test'

  it('events wait on the device, and nobody gets them by guess; an error says so', async () => {
    const server = startServer()
    server.settings = 404
    const analytics = load({}, { cdnURL })
    const errors = errorsOf(analytics)

    await analytics.track('A')
    await advance(60_000)

    expect(server.requests).toEqual([])
    expect(outbox().map(({ event }) => event)).toEqual(['A'])
    const reason = expect.objectContaining({
      message: expect.stringContaining('only they say where events go'),
      cause: expect.any(Error),
    })
    expect(errors).toEqual([[{ code: 'settings_failure', reason }]])
  })

  it('settings are asked for again, and then events go where these say', async () => {
    const server = startServer()
    server.settings = 404
    const analytics = load({}, { cdnURL })
    await analytics.track('A')
    server.settings = settingsOf('late', { apiHost: 'events.shop.test/v1' })
    await advance(15_000)
    await analytics.track('B')
    await advance(1_000)

    expect(server.requests.map(({ url }) => url)).toEqual([
      'https://events.shop.test/v1/t',
      'https://events.shop.test/v1/t',
    ])
    expect(server.names.sort()).toEqual(['A', 'B'])
    expect((await analytics.settings).apiHost).toBe('events.shop.test/v1')
    expect(outbox()).toEqual([])
  })

  it('events go at once where the options name a host', async () => {
    const server = startServer()
    server.settings = 404
    const integrations = { 'Segment.io': { apiHost: 'events.shop.test/v1' } }
    await load({ integrations }, { cdnURL }).track('A')

    expect(server.requests.map(({ url }) => url)).toEqual(['https://events.shop.test/v1/t'])
  })

  it('batches wait, too, and leave with no page', async () => {
    const server = startServer()
    server.settings = 404
    const integrations = {
      'Segment.io': { deliveryStrategy: { strategy: 'batching' as const, config: { timeout: 100 } } },
    }
    const analytics = load({ integrations }, { cdnURL })
    await analytics.track('A')
    await advance(10_000)
    window.dispatchEvent(new Event('pagehide'))
    await settled()

    expect(server.requests).toEqual([])
    expect(outbox().map(({ event }) => event)).toEqual(['A'])
  })
})

describe('one odd field in the settings of a source', () => {
  const oddities = [null, 0, 7, '', 'text', true, false, [], [null], [7], {}, { a: null }]
  const ofSource = [
    ...['apiHost', 'protocol', 'addBundledMetadata', 'unbundledIntegrations', 'bundledConfigIds'],
    ...['maybeBundledConfigIds', 'retryQueue', 'deliveryStrategy', 'httpConfig', 'versionSettings'],
  ]
  const ofDocument = [
    ...['plan', 'remotePlugins', 'enabledMiddleware', 'middlewareSettings', 'metrics', 'consentSettings'],
    ...['legacyVideoPluginsEnabled', 'edgeFunction', 'anything'],
  ]
  const cases = (fields: string[]) =>
    fields.flatMap((field) => oddities.map((odd): [string, unknown] => [field, odd]))

  it.each(cases(ofSource))('of the Tracking API keeps no event back: %s is %j', async (field, odd) => {
    const server = startServer()
    server.settings = settingsOf('key', { [field]: odd })
    const analytics = load()
    void analytics.track('Early')
    await analytics
    void analytics.track('Late')
    await advance(10_000)

    expect(server.names).toEqual(['Early', 'Late'])
    const host = field === 'apiHost' && odd === 'text' ? 'text' : 'api.segment.io/v1'
    expect(new Set(server.requests.map(({ url }) => url))).toEqual(new Set([`https://${host}/t`]))
  })

  it.each([...cases(ofDocument), ...cases(['Some Destination']), ...cases(['routingRules'])])(
    'keeps no event back: %s is %j',
    async (field, odd) => {
      const server = startServer()
      const { integrations } = settingsOf('key')
      const documents: Record<string, object> = {
        'Some Destination': { integrations: { ...integrations, [field]: odd } },
        routingRules: { integrations, middlewareSettings: { routingRules: odd } },
      }
      server.settings = { integrations, ...(documents[field] ?? { [field]: odd }) }
      const analytics = load()
      void analytics.track('Early')
      await analytics
      void analytics.track('Late')
      await advance(10_000)

      expect(server.names).toEqual(['Early', 'Late'])
    },
  )

  it.each([null, {}, 7, true, 'text'])('leaves what else is told of destinations: %j', async (odd) => {
    const server = startServer()
    server.settings = {
      integrations: {
        'Segment.io': { apiKey: 'key', unbundledIntegrations: odd, maybeBundledConfigIds: odd },
        Braze: { bundlingStatus: 'unbundled' },
      },
    } as never
    await load().track('A')

    expect(server.events).toMatchObject([
      { _metadata: { bundled: ['Segment.io'], unbundled: ['Braze'], bundledIds: [] } },
    ])
  })
})
