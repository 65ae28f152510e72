import { describe, expect, it, vi } from 'vitest'
import type { InitOptions, Plugin, PluginFactory, RemotePlugin } from '../../../src'
import { startServer, usualSettings } from '../../client/support/fake-server'
import {
  advance,
  errorsOf,
  load,
  plugin,
  settled,
  stateOf,
  useFreshPages,
} from '../../client/support/start-page'
import { action, cdn, entry, holdDestinations } from './support/fake-destination'
import { openPage } from './support/open-page'

useFreshPages()

const fromNpm = (pluginName: string, make: () => Plugin | Plugin[]): PluginFactory =>
  Object.assign(make, { pluginName })

describe('the script of a destination', () => {
  it('is asked for at the CDN of the page', async () => {
    const { scripts } = openPage(
      [entry('Alpha', { url: `${cdn}/actions/alpha/1.js` })],
      {},
      { cdnURL: 'https://cdn.shop.test' },
    )
    await settled()

    expect(scripts.addresses()).toEqual(['https://cdn.shop.test/actions/alpha/1.js'])
  })

  it.each([
    'https://vendor.test/alpha/2.js',
    'https://cdn.segment.company/alpha/2.js',
    'https://vendor.test/https://cdn.segment.com/alpha/2.js',
  ])('is asked for where it is, if that is not the usual CDN: %s', async (url) => {
    const { scripts } = openPage([entry('Alpha', { url })], {}, { cdnURL: 'https://cdn.shop.test' })
    await settled()

    expect(scripts.addresses()).toEqual([url])
  })

  it('is held to the hash that the settings give', async () => {
    const { scripts } = openPage([
      entry('Alpha', { integrity: 'sha384-abc', crossOrigin: 'use-credentials' }),
    ])
    await settled()

    expect(scripts.all().map(({ integrity, crossOrigin }) => [integrity, crossOrigin])).toEqual([
      ['sha384-abc', 'use-credentials'],
    ])
  })

  it('has a name that tells nothing, if the page wants that, and its own where the CDN has no other', async () => {
    const url = `${cdn}/next-integrations/actions/next/actions/hash.js`
    const { scripts } = openPage([entry('Alpha', { url })], { obfuscate: true })
    await settled()
    expect(scripts.addresses()).toEqual([`${cdn}/next-integrations/actions/next/YWN0aW9ucw/hash.js`])

    scripts.fire('error')
    await settled()
    expect(scripts.addresses()).toEqual([url])
  })

  it('is asked for beside those of other destinations', async () => {
    const { scripts } = openPage([entry('Alpha'), entry('Beta')])
    await settled()

    expect(scripts.addresses()).toHaveLength(2)
  })

  it('is not asked for where there is no page', async () => {
    const seen: string[] = []
    const { scripts, analytics, server } = openPage(
      [entry('Alpha'), entry('Beta')],
      {},
      {
        plugins: [fromNpm('Beta', () => action(seen, 'Beta Send'))],
      },
    )
    vi.stubGlobal('document', undefined)
    await analytics.track('A')

    expect(scripts.addresses()).toEqual([])
    expect(seen).toEqual(['Beta Send: A'])
    expect(server.events[0]?._metadata.failedInitializations).toBeUndefined()
  })
})

describe('a destination', () => {
  it('is made with the settings of the source, and those of the page over them', async () => {
    const alpha = entry('Alpha', { settings: { a: 1, b: 1, c: 1 } })
    const make = vi.fn(() => action([], 'Alpha Send'))
    const server = startServer()
    server.settings = {
      integrations: { ...usualSettings.integrations, Alpha: { b: 2, c: 2 } },
      remotePlugins: [alpha],
    }
    const scripts = holdDestinations()
    load({ integrations: { Alpha: { c: 3 } } })
    await scripts.arrive(alpha, make)

    expect(make.mock.calls).toEqual([[{ a: 1, b: 2, c: 3 }]])
  })

  it('is not made with settings of the page for what the source does not know', async () => {
    const alpha = entry('Alpha', { settings: { a: 1 } })
    const make = vi.fn(() => action([], 'Alpha Send'))
    const { scripts } = openPage([alpha], { integrations: { Alpha: { c: 3 } } })
    await scripts.arrive(alpha, make)

    expect(make.mock.calls).toEqual([[{ a: 1 }]])
  })

  it.each<[string, (made: Plugin) => unknown]>([
    ['a plugin', (made) => made],
    ['several', (made) => [made]],
    ['a promise of one', async (made) => made],
    ['a promise of several', async (made) => [made]],
  ])('is made of %s', async (_, answer) => {
    const seen: string[] = []
    const alpha = entry('Alpha')
    const { scripts, analytics } = openPage([alpha])
    const tracked = analytics.track('A')
    await scripts.arrive(alpha, () => answer(action(seen, 'Alpha Send')))
    await tracked

    expect(seen).toEqual(['Alpha Send: A'])
  })

  it('has a plugin for each action: named for the destination, known by its own name as well, of its own type', async () => {
    const alpha = entry('Alpha (Actions)', { creationName: 'Alpha', libraryName: 'alphaDestination' })
    const { scripts, analytics } = openPage([alpha])
    await scripts.arrive(alpha, () => [
      action([], 'Alpha Enrich', { type: 'enrichment', version: '9' }),
      action([], 'Alpha Send'),
    ])
    const [client] = await analytics

    expect(
      client.queue.plugins
        .filter(({ name }) => name === 'Alpha')
        .map(({ name, type, version, alternativeNames }) => ({ name, type, version, alternativeNames })),
    ).toEqual([
      { name: 'Alpha', type: 'enrichment', version: '1.0.0', alternativeNames: ['Alpha Enrich'] },
      { name: 'Alpha', type: 'destination', version: '1.0.0', alternativeNames: ['Alpha Send'] },
    ])
  })

  it.each<[NonNullable<InitOptions['integrations']>, boolean]>([
    [{}, true],
    [{ 'Alpha (Actions)': false }, false],
    [{ Alpha: false }, false],
    [{ Alpha: true, 'Alpha (Actions)': false }, false],
    [{ All: false }, false],
    [{ All: false, Alpha: true }, true],
    [{ All: false, 'Alpha (Actions)': {} }, true],
    [{ All: false, Alpha: true, 'Alpha (Actions)': false }, false],
    [{ Beta: false }, true],
  ])(
    'is loaded if one of its names allows it and none forbids it: %o → %s',
    async (integrations, isLoaded) => {
      const { scripts } = openPage([entry('Alpha (Actions)', { creationName: 'Alpha' })], { integrations })
      await settled()

      expect(scripts.addresses()).toHaveLength(isLoaded ? 1 : 0)
    },
  )

  it('comes from npm instead of the CDN if the page brings it', async () => {
    const seen: string[] = []
    const make = vi.fn((_: object) => [action(seen, 'Alpha Send')])
    const { scripts, analytics } = openPage(
      [entry('Alpha', { settings: { a: 1 } })],
      {},
      {
        plugins: [Object.assign(make, { pluginName: 'Alpha' })],
      },
    )
    await analytics.track('A')

    expect(scripts.addresses()).toEqual([])
    expect(make.mock.calls).toEqual([[{ a: 1 }]])
    expect(seen).toEqual(['Alpha Send: A'])
  })

  it('does not come from npm if the source does not have it, or if it has another name', async () => {
    const make = vi.fn(() => action([], 'Alpha Send'))
    const { scripts } = openPage(
      [entry('Alpha', { creationName: 'Beta' })],
      {},
      {
        plugins: [fromNpm('Beta', make), fromNpm('Gamma', make)],
      },
    )
    await settled()

    expect(make).not.toHaveBeenCalled()
    expect(scripts.addresses()).toHaveLength(1)
  })

  it('stands beside the plugins of the page', async () => {
    const seen: string[] = []
    const { analytics } = openPage(
      [entry('Alpha')],
      {},
      {
        plugins: [
          plugin({
            name: 'Mine',
            type: 'before',
            track: (ctx) => {
              seen.push('Mine')
              return ctx
            },
          }),
          fromNpm('Alpha', () => action(seen, 'Alpha Send')),
        ],
      },
    )
    await analytics.track('A')

    expect(seen).toEqual(['Mine', 'Alpha Send: A'])
  })

  it('is passed over and told of if the settings do not say what it is', async () => {
    const nonsense: unknown[] = [null, 'Alpha', {}, { name: '' }, { name: 7 }]
    const { server, analytics } = openPage(nonsense as RemotePlugin[])
    const errors = errorsOf(analytics)
    await analytics.track('A')

    expect(server.names).toEqual(['A'])
    expect(errors.map(([{ code }]) => code)).toEqual(nonsense.map(() => 'initialization_failure'))
  })

  it('is told of if they are no list', async () => {
    const { server, analytics } = openPage({ 0: entry('Alpha') } as never)
    const errors = errorsOf(analytics)
    await analytics.track('A')

    expect(server.names).toEqual(['A'])
    expect(errors).toMatchObject([[{ code: 'initialization_failure' }]])
  })

  it.each([undefined, null, ''])(
    'has its name alone where settings say %j of the other',
    async (creationName) => {
      const seen: string[] = []
      const alpha = entry('Alpha', { creationName: creationName as never })
      const { scripts, analytics } = openPage([alpha])
      await scripts.arrive(alpha, () => action(seen, 'Alpha Send'))
      await analytics.track('A')
      await settled()

      expect(seen).toEqual(['Alpha Send: A'])
    },
  )
})

describe('a destination that cannot be loaded', () => {
  const hopeless: [string, unknown, RegExp][] = [
    ['its script leaves nothing', undefined, /no function alphaDestination/],
    [
      'its function throws',
      () => {
        throw new Error('mine')
      },
      /mine/,
    ],
    ['its function rejects', () => Promise.reject(new Error('mine')), /mine/],
    ['it makes no plugin', () => 'plugin', /plugin is not an object/],
    ['a plugin has no name', () => action([], ''), /name/],
    ['a plugin is of no type', () => ({ ...action([], 'Alpha Send'), type: 'other' }), /type/],
    ['a plugin has no version', () => ({ ...action([], 'Alpha Send'), version: undefined }), /no version/],
    ['a plugin has no isLoaded', () => ({ ...action([], 'Alpha Send'), isLoaded: undefined }), /no isLoaded/],
    ['a plugin has no load', () => ({ ...action([], 'Alpha Send'), load: undefined }), /no load/],
    [
      'a plugin fails to load',
      () => action([], 'Alpha Send', { load: () => Promise.reject(new Error('mine')) }),
      /mine/,
    ],
    [
      'a plugin throws as it loads',
      () =>
        action([], 'Alpha Send', {
          load() {
            throw new Error('mine')
          },
        }),
      /mine/,
    ],
  ]

  async function openHopeless(
    come: (scripts: ReturnType<typeof holdDestinations>, of: RemotePlugin) => Promise<void>,
  ) {
    const alpha = entry('Alpha')
    const { scripts, server, analytics } = openPage([alpha], { remotePluginWait: 1_000 })
    const errors: unknown[] = []
    analytics.on('error', (error) => errors.push(error))
    const tracked = analytics.track('A')
    await come(scripts, alpha)
    await tracked
    const [client, ctx] = await analytics
    return { client, ctx, errors, server }
  }

  it.each(hopeless)('is told of everywhere, and events flow: %s', async (_, factory, reason) => {
    const { client, ctx, errors, server } = await openHopeless((scripts, alpha) =>
      scripts.arrive(alpha, factory),
    )
    await client.track('B')

    expect(client.queue.failedInitializations).toEqual(['Alpha'])
    expect(client.queue.plugins.map(({ name }) => name)).not.toContain('Alpha')
    expect(errors).toEqual([
      {
        code: 'initialization_failure',
        reason: expect.objectContaining({
          message: 'The destination Alpha could not be loaded',
          cause: expect.objectContaining({ message: expect.stringMatching(reason) }),
        }),
      },
    ])
    expect(ctx.stats.metrics.filter(({ metric }) => metric.endsWith('.error'))).toMatchObject([
      {
        metric: 'analytics_js.integration.invoke.error',
        tags: expect.arrayContaining(['method:load', 'type:action']),
      },
    ])
    expect(vi.mocked(console.warn)).toHaveBeenCalledWith('Alpha', expect.anything())
    expect(server.events.map(({ event, _metadata }) => [event, _metadata.failedInitializations])).toEqual([
      ['A', ['Alpha']],
      ['B', ['Alpha']],
    ])
  })

  it('is told of everywhere: its script is blocked', async () => {
    const { client, errors, server } = await openHopeless((scripts, alpha) => scripts.fail(alpha))

    expect(client.queue.failedInitializations).toEqual(['Alpha'])
    expect(errors).toMatchObject([{ code: 'initialization_failure' }])
    expect(server.events).toMatchObject([{ event: 'A', _metadata: { failedInitializations: ['Alpha'] } }])
    expect(await stateOf(client.ready())).toHaveProperty('fulfilled')
  })

  it('is told of from then on, where no event has waited for it', async () => {
    const alpha = entry('Alpha')
    const { scripts, server, analytics } = openPage([alpha])
    await analytics.track('A')
    await scripts.fail(alpha)
    await analytics.track('B')

    expect(server.events.map(({ event, _metadata }) => [event, _metadata.failedInitializations])).toEqual([
      ['A', undefined],
      ['B', ['Alpha']],
    ])
  })

  it('harms no other destination', async () => {
    const seen: string[] = []
    const [alpha, beta] = [entry('Alpha'), entry('Beta')]
    const { scripts, analytics } = openPage([alpha, beta])
    const tracked = analytics.track('A')
    await scripts.arrive(beta, () => action(seen, 'Beta Send'))
    await scripts.fail(alpha)
    await tracked

    expect(seen).toEqual(['Beta Send: A'])
  })

  it('counts as failed when its script has hung for too long', async () => {
    const { server, analytics } = openPage([entry('Alpha')], { pluginTimeout: 5_000 })
    await advance(1_000)
    const [client] = await analytics
    const ready = client.ready()
    await client.track('A', {}, { integrations: { Alpha: false } })
    expect(client.queue.failedInitializations).toEqual([])
    expect(await stateOf(ready)).toBe('pending')

    await advance(4_000)
    expect(client.queue.failedInitializations).toEqual(['Alpha'])
    expect(await stateOf(ready)).toEqual({ fulfilled: expect.arrayContaining([false]) })
    expect(server.names).toEqual(['A'])
  })

  it('counts as failed when one of its actions has loaded for too long', async () => {
    const alpha = entry('Alpha')
    const { scripts, analytics } = openPage([alpha], { pluginTimeout: 5_000 })
    await scripts.arrive(alpha, () => action([], 'Alpha Send', { load: () => new Promise(() => {}) }))
    const [client] = await analytics
    const ready = client.ready()
    await advance(5_000)

    expect(client.queue.failedInitializations).toEqual(['Alpha'])
    expect(await stateOf(ready)).toEqual({ fulfilled: expect.arrayContaining([false]) })
  })
})
