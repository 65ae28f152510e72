import { describe, expect, it, vi } from 'vitest'
import type { Analytics, InitOptions } from '../../../src'
import { advance, settled, stateOf, useFreshPages } from '../../client/support/start-page'
import { fakeIntegration } from './support/fake-integration'
import { type Destinations, globalsOf, openPage } from './support/open-page'

useFreshPages()

const ofBrowser = { type: 'browser' }
const cdn = 'https://cdn.segment.com/next-integrations'

/** The plugin of a destination, as the client has it. */
const pluginOf = (client: Analytics, name = 'Fake') =>
  client.queue.plugins.find((plugin) => plugin.name === name)

/** What listeners of errors are told from now on. */
function errorsOf(client: Analytics): unknown[] {
  const errors: unknown[] = []
  client.on('error', ({ code, reason }) => {
    const { message, cause } = reason as Error
    errors.push([code, message, (cause as Error).message])
  })
  return errors
}

describe('the script of a destination', () => {
  it.each<[string, string, Destinations, InitOptions]>([
    ['Google Analytics 4.x', '/integrations/google-analytics-4x/latest/google-analytics-4x', {}, {}],
    ['Fake', '/integrations/fake/2.0.1/fake', { Fake: { versionSettings: { version: '2.0.1' } } }, {}],
    [
      'Fake',
      '/integrations/fake/3.1.0/fake',
      { Fake: { versionSettings: { version: '2.0.1', override: '3.1.0' } } },
      {},
    ],
    [
      'Fake Hidden',
      '/integrations/ZmFrZS1oaWRkZW4/2.0.2/ZmFrZS1oaWRkZW4',
      { 'Fake Hidden': { versionSettings: { version: '2.0.2' } } },
      { obfuscate: true },
    ],
    ['Größe', '/integrations/Z3LDtsOfZQ/latest/Z3LDtsOfZQ', {}, { obfuscate: true }],
  ])('of %s is at %s', async (name, path, given, options) => {
    const destinations = { [name]: { versionSettings: { version: 'latest' }, ...given[name], ...ofBrowser } }
    const { analytics, addresses } = openPage(destinations, options)
    await analytics

    expect(addresses()).toEqual([`${cdn}${path}.dynamic.js.gz`])
  })

  it('comes from the CDN that the page is told', async () => {
    const { analytics, addresses, version } = openPage(
      { Fake: ofBrowser },
      {},
      { cdnURL: 'https://cdn.shop.test' },
    )
    await analytics

    expect(addresses()).toEqual([
      `https://cdn.shop.test/next-integrations/integrations/fake/${version}/fake.dynamic.js.gz`,
    ])
  })

  it('makes the destination once the scripts that it needs have come as well', async () => {
    const { source, calls } = fakeIntegration()
    const { analytics, addresses, arrive } = openPage({ Fake: ofBrowser })
    await analytics
    const { length: number } = addresses()
    await arrive('/fake.', globalsOf('fake', source, ['/vendor/commons.1.js', '/vendor/fake.2.js']))

    expect(addresses().slice(number)).toEqual([`${cdn}/vendor/commons.1.js.gz`, `${cdn}/vendor/fake.2.js.gz`])
    await arrive('commons.1')
    expect(calls).toEqual([])
    await arrive('fake.2')
    expect(calls).toEqual(['initialize'])
  })

  it('may leave a function that prepares the constructor it carries', async () => {
    const { source, calls } = fakeIntegration()
    const prepared = vi.fn()
    const carrying = Object.assign(
      (host: { user(): unknown; addIntegration(given: unknown): void }) => {
        host.addIntegration(source)
        prepared(host.user())
      },
      { Integration: source },
    )
    const { analytics, arrive } = openPage({ Fake: ofBrowser })
    const [client] = await analytics
    await arrive('/fake.', globalsOf('fake', carrying))

    expect(prepared.mock.calls).toEqual([[client.user()]])
    expect(calls).toEqual(['initialize'])
  })

  it('is not asked for where npm has brought its code', async () => {
    const { source, calls } = fakeIntegration()
    const { analytics, addresses } = openPage({ Fake: ofBrowser }, {}, { classicIntegrations: [source] })
    await analytics
    await settled()

    expect(addresses()).toEqual([])
    expect(calls).toEqual(['initialize'])
  })

  it('is not asked for where there is no page', async () => {
    vi.stubGlobal('document', undefined)
    vi.stubGlobal('WorkerGlobalScope', class {})
    const { source, calls } = fakeIntegration()
    const { settings } = { settings: { integrations: { 'Segment.io': { apiKey: 'k' }, Fake: ofBrowser } } }
    const { AnalyticsBrowser } = await import('../../../src')
    const [client] = await AnalyticsBrowser.load({
      writeKey: 'k',
      cdnSettings: settings,
      classicIntegrations: [source],
    })
    await settled()

    expect(client.queue.plugins.map(({ name }) => name)).toEqual(['Page Enrichment', 'Segment.io'])
    expect(calls).toEqual([])
    vi.unstubAllGlobals()
  })

  it('leaves the page with the destination, and takes nothing of later events', async () => {
    const { source, calls } = fakeIntegration()
    const { analytics, addresses, arrive } = openPage({ 'Fake 2.0': ofBrowser }, { obfuscate: true })
    const [client] = await analytics
    await arrive('/ZmFrZS0yMA.', globalsOf('fake-20', source, ['/vendor/common.js']))
    await arrive('/vendor/common.js')
    await client.deregister('Fake 2.0')
    await client.track('A')

    expect(addresses()).toEqual([])
    expect(calls).toEqual(['initialize'])
  })
})

describe('a destination is made', () => {
  const made = async (destination: Destinations[string], options: InitOptions = {}) => {
    const fake = fakeIntegration()
    const page = openPage({ Fake: destination }, options, { classicIntegrations: [fake.source] })
    const [client] = await page.analytics
    await settled()
    return { ...fake, client }
  }

  it('of the settings of the source, and over them those of the page', async () => {
    const { made: instances } = await made(
      { ...ofBrowser, apiKey: 'of the source', nested: { a: 1 }, versionSettings: { version: '1' } },
      { integrations: { Fake: { nested: { b: 2 }, more: true } } },
    )

    expect(instances.map(({ settings }) => settings)).toEqual([
      { apiKey: 'of the source', nested: { b: 2 }, more: true, versionSettings: { version: '1' } },
    ])
  })

  it('of its own setting `type`, if that is not what the source says of it', async () => {
    const { made: instances } = await made({ type: 'own', versionSettings: { version: '1' } })

    expect(instances.map(({ settings }) => settings.type)).toEqual(['own'])
  })

  it('of the settings of the page where the source has none', async () => {
    const { source, made: instances } = fakeIntegration()
    await openPage({}, { integrations: { Fake: { apiKey: 'k' } } }, { classicIntegrations: [source] })
      .analytics
    await settled()

    expect(instances.map(({ settings }) => settings)).toEqual([{ apiKey: 'k' }])
  })

  it('with the client at hand', async () => {
    const { made: instances, client } = await made(ofBrowser)

    expect(instances[0]?.analytics).toBe(client)
  })
})

describe('ready', () => {
  it('waits until the destination says that it is', async () => {
    const { source, say } = fakeIntegration({ ready: 'when told' })
    const { analytics, arrive } = openPage({ Fake: ofBrowser })
    const [client] = await analytics
    const ready = client.ready()
    await arrive('/fake.', globalsOf('fake', source))
    expect(await stateOf(ready)).toBe('pending')
    expect(pluginOf(client)?.isLoaded()).toBe(false)
    say('ready')

    expect(await stateOf(ready)).toEqual({ fulfilled: [undefined, undefined, true] })
    expect(pluginOf(client)?.isLoaded()).toBe(true)
  })

  it('ends when the script is blocked', async () => {
    const { analytics, fail } = openPage({ Fake: ofBrowser })
    const [client] = await analytics
    const ready = client.ready()
    await fail('/fake.')

    expect(await stateOf(ready)).toEqual({ fulfilled: [undefined, undefined, false] })
  })

  it('ends when the script hangs, after the time that a plugin has', async () => {
    const { analytics } = openPage({ Fake: ofBrowser }, { pluginTimeout: 5_000 })
    const [client] = await analytics
    const ready = client.ready()
    await advance(4_999)
    expect(await stateOf(ready)).toBe('pending')
    await advance(1)

    expect(await stateOf(ready)).toEqual({ fulfilled: [undefined, undefined, false] })
  })

  it('ends when the destination is taken away meanwhile, which is no failure', async () => {
    const { analytics } = openPage({ Fake: ofBrowser })
    const [client] = await analytics
    const errors = errorsOf(client)
    const ready = client.ready()
    await client.deregister('Fake')

    expect(await stateOf(ready)).toEqual({ fulfilled: [undefined, undefined, false] })
    await advance(60_000)
    expect(client.queue.failedInitializations).toEqual([])
    expect(errors).toEqual([])
  })
})

describe('a destination that cannot be loaded', () => {
  type Failing = (page: ReturnType<typeof openPage>) => Promise<void>
  const cases: [string, Failing, string][] = [
    ['whose script is blocked', ({ fail }) => fail('/fake.'), 'could not be loaded'],
    [
      'of which a script that it needs is blocked',
      async ({ arrive, fail }) => {
        await arrive('/fake.', globalsOf('fake', fakeIntegration().source, ['/vendor/blocked.js']))
        await fail('/vendor/blocked.js')
      },
      'could not be loaded',
    ],
    ['whose script hangs', () => advance(30_000), 'did not finish within 30000 ms'],
    ['whose script leaves nothing', ({ arrive }) => arrive('/fake.'), 'has left no loader'],
    [
      'whose loader throws',
      ({ arrive }) =>
        arrive('/fake.', {
          fakeLoader() {
            throw new Error('mine')
          },
        }),
      'mine',
    ],
    [
      'whose loader leaves nothing',
      ({ arrive }) => arrive('/fake.', globalsOf('fake', undefined)),
      'has left no integration',
    ],
    [
      'that carries no constructor',
      ({ arrive }) =>
        arrive(
          '/fake.',
          globalsOf(
            'fake',
            Object.assign(() => {}, { Integration: {} }),
          ),
        ),
      'is no constructor',
    ],
    [
      'that is no integration',
      ({ arrive }) => arrive('/fake.', globalsOf('fake', class {})),
      'has no initialize, no invoke, no on, no once',
    ],
    [
      'whose constructor throws',
      ({ arrive }) =>
        arrive(
          '/fake.',
          globalsOf(
            'fake',
            class {
              constructor() {
                throw new Error('mine')
              }
            },
          ),
        ),
      'mine',
    ],
    [
      'that throws when it is initialized',
      ({ arrive }) =>
        arrive(
          '/fake.',
          globalsOf(
            'fake',
            fakeIntegration({
              initialized() {
                throw new Error('mine')
              },
            }).source,
          ),
        ),
      'mine',
    ],
    [
      'that rejects when it is initialized',
      ({ arrive }) =>
        arrive(
          '/fake.',
          globalsOf('fake', fakeIntegration({ initialized: () => Promise.reject(new Error('mine')) }).source),
        ),
      'mine',
    ],
    [
      'that never becomes ready',
      async ({ arrive }) => {
        await arrive('/fake.', globalsOf('fake', fakeIntegration({ ready: 'when told' }).source))
        await advance(30_000)
      },
      'did not finish within 30000 ms',
    ],
  ]

  it.each(cases)('%s is told and left out; the server hears of it', async (_, failing, why) => {
    const page = openPage({ Fake: ofBrowser })
    const [client] = await page.analytics
    const errors = errorsOf(client)
    const failed: string[] = []
    client.queue.on('initialization_failure', ({ name }) => failed.push(name))
    await client.track('Before')
    await failing(page)
    await client.track('After')

    expect(errors).toEqual([
      ['initialization_failure', 'The destination Fake could not be loaded', expect.stringContaining(why)],
    ])
    expect(failed).toEqual(['Fake'])
    expect(pluginOf(client)).toBeUndefined()
    const told = page.server.events.map(({ event, _metadata }) => [event, _metadata.failedInitializations])
    expect(told).toEqual([
      ['Before', undefined],
      ['After', ['Fake']],
    ])
  })

  it('before anybody listens is told to those who listen when the client is complete', async () => {
    const { source } = fakeIntegration({
      initialized() {
        throw new Error('mine')
      },
    })
    const { analytics } = openPage({ Fake: ofBrowser }, {}, { classicIntegrations: [source] })
    const errors: string[] = []
    void analytics.on('error', ({ code }) => errors.push(code))
    await analytics
    await settled()

    expect(errors).toEqual(['initialization_failure'])
  })

  it('too late is not initialized any more', async () => {
    const { source, calls, made } = fakeIntegration()
    const { analytics, arrive } = openPage({ Fake: ofBrowser }, { pluginTimeout: 1_000 })
    await analytics
    await advance(1_000)
    await arrive('/fake.', globalsOf('fake', source))

    expect(made).toEqual([])
    expect(calls).toEqual([])
  })
})

describe('what is counted when a destination is loaded', () => {
  const counted = async (run: (page: ReturnType<typeof openPage>) => Promise<void>) => {
    const page = openPage({ Fake: ofBrowser })
    const [, ctx] = await page.analytics
    await run(page)
    return ctx.stats.metrics.map(({ metric, value, tags }) => [metric, value, ...tags].join(' '))
  }
  const tags = 'integration_name:Fake type:classic'

  it('is that it was initialized, and how long its script took', async () => {
    const { source } = fakeIntegration()
    const metrics = await counted(async ({ arrive }) => {
      await advance(250)
      await arrive('/fake.', globalsOf('fake', source))
    })

    expect(metrics).toEqual([
      'legacy_destination_time 250 Fake',
      `analytics_js.integration.invoke 1 method:initialize ${tags}`,
    ])
  })

  it('is that the script came from the cache', async () => {
    const { source } = fakeIntegration()
    const metrics = await counted(async ({ arrive }) => {
      await advance(99)
      await arrive('/fake.', globalsOf('fake', source))
    })

    expect(metrics[0]).toBe('legacy_destination_time 99 Fake cached')
  })

  it('is that its script could not be loaded', async () => {
    expect(await counted(({ fail }) => fail('/fake.'))).toEqual([
      'legacy_destination_time -1 plugin:Fake failed',
      `analytics_js.integration.invoke.error 1 method:load ${tags}`,
    ])
  })

  it('is that it could not be initialized', async () => {
    const { source } = fakeIntegration({
      initialized() {
        throw new Error('mine')
      },
    })
    const metrics = await counted(({ arrive }) => arrive('/fake.', globalsOf('fake', source)))

    expect(metrics.slice(1)).toEqual([
      `analytics_js.integration.invoke 1 method:initialize ${tags}`,
      `analytics_js.integration.invoke.error 1 method:initialize ${tags}`,
    ])
  })
})
