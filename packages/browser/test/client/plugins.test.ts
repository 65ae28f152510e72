import { describe, expect, it, vi } from 'vitest'
import { type Context, ContextCancelation, type InitOptions, type Plugin } from '../../src'
import { type Reply, startServer } from './support/fake-server'
import {
  advance,
  consoleErrors,
  errorsOf,
  load,
  markingMiddleware,
  markSeen,
  outbox,
  plugin,
  settled,
  stateOf,
  useFreshPages,
} from './support/start-page'

useFreshPages()

/** A client that is complete, with these plugins. */
async function startClient(plugins: Plugin[], options: InitOptions = {}, replies: Reply[] = [200]) {
  const server = startServer()
  server.script(...replies)
  const [analytics] = await load(options, { plugins })
  return { server, analytics }
}

/** A plugin that notes what it gets. */
function noting(seen: string[], parts: Partial<Plugin> & { name: string }): Plugin {
  const hook = (ctx: Context) => {
    seen.push(`${parts.name} ${ctx.event.type}`)
    return ctx
  }
  return plugin({
    ...{ track: hook, page: hook, screen: hook, identify: hook, group: hook, alias: hook },
    ...parts,
  })
}

describe('plugins', () => {
  it('see an event by their types: before, enrichment, destination, after, and never utility', async () => {
    const seen: string[] = []
    const types = ['after', 'destination', 'utility', 'enrichment', 'before'] as const
    const { server, analytics } = await startClient(types.map((type) => noting(seen, { name: type, type })))
    await analytics.track('A')

    expect(seen).toEqual(['before track', 'enrichment track', 'destination track', 'after track'])
    expect(server.names).toEqual(['A'])
  })

  it('see all six kinds', async () => {
    const seen: string[] = []
    const { analytics } = await startClient([noting(seen, { name: 'All' })])
    await analytics.track('A')
    await analytics.page()
    await analytics.screen()
    await analytics.identify('U')
    await analytics.group('G')
    await analytics.alias('V')

    expect(seen).toEqual(['All track', 'All page', 'All screen', 'All identify', 'All group', 'All alias'])
  })

  it('of one type see it in the order of registration', async () => {
    const seen: string[] = []
    const { analytics } = await startClient([
      noting(seen, {
        name: 'First',
        async track(ctx) {
          await Promise.resolve()
          seen.push('First track')
          return ctx
        },
      }),
      noting(seen, { name: 'Second' }),
    ])
    await analytics.track('A')

    expect(seen).toEqual(['First track', 'Second track'])
  })

  it('find the environment in the event', async () => {
    const contexts: unknown[] = []
    const { analytics } = await startClient([
      plugin({
        type: 'before',
        track(ctx) {
          contexts.push(structuredClone(ctx.event.context))
          return ctx
        },
      }),
    ])
    await analytics.track('A')

    expect(contexts).toMatchObject([
      { userAgent: navigator.userAgent, locale: navigator.language, library: { name: expect.any(String) } },
    ])
  })

  it('may answer another context to go on with', async () => {
    const { server, analytics } = await startClient([
      plugin({
        track(ctx) {
          const other = new (ctx.constructor as typeof Context)({ ...ctx.event, event: 'Renamed' })
          return other
        },
      }),
    ])
    const ctx = await analytics.track('A')

    expect(server.names).toEqual(['Renamed'])
    expect(ctx.event.event).toBe('Renamed')
    expect(outbox()).toEqual([])
  })

  it('are called with the client and a context when they are loaded and unloaded', async () => {
    const load = vi.fn(async () => {})
    const unload = vi.fn()
    const { analytics } = await startClient([plugin({ name: 'Mine', load, unload })])
    await analytics.deregister('Mine', 'Nobody')

    expect(load).toHaveBeenCalledWith(
      expect.objectContaining({ event: { type: 'track', event: 'system' } }),
      analytics,
    )
    expect(unload).toHaveBeenCalledWith(expect.anything(), analytics)
    expect(analytics.queue.plugins.map(({ name }) => name)).toEqual(['Page Enrichment', 'Segment.io'])
  })

  it('are taken all or not at all', async () => {
    const { analytics } = await startClient([])
    const registered = analytics.register(plugin({ name: 'Fine' }), {
      name: 'Broken',
      type: 'wrong',
    } as never)

    await expect(registered).rejects.toMatchObject({ name: 'ValidationError', field: 'plugin.type' })
    expect(analytics.queue.plugins).toHaveLength(2)
  })

  it('that cannot be loaded are left out, and named', async () => {
    const failed = vi.fn()
    const { server, analytics } = await startClient([])
    analytics.queue.on('initialization_failure', failed)
    const broken = plugin({ name: 'Broken', load: () => Promise.reject(new Error('broken')) })
    const ctx = await analytics.register(broken)
    await analytics.track('A')

    expect(failed.mock.calls).toEqual([[broken]])
    expect(analytics.failedInitializations).toEqual(['Broken'])
    expect(ctx.event.event).toBe('system')
    expect(server.events[0]?._metadata.failedInitializations).toEqual(['Broken'])
  })

  it('that are functions are left out when no destination of the source has their name', async () => {
    const factory = Object.assign(vi.fn(), { pluginName: 'Nobody' })
    startServer()
    const [analytics] = await load({}, { plugins: [factory] })

    expect(factory).not.toHaveBeenCalled()
    expect(analytics.queue.plugins).toHaveLength(2)
  })

  it('have their answers collected by `ready`', async () => {
    const { analytics } = await startClient([plugin({ ready: async () => 'yes' })])
    const called = vi.fn()

    expect(await analytics.ready(called)).toEqual([undefined, undefined, 'yes'])
    expect(called.mock.calls).toEqual([[[undefined, undefined, 'yes']]])
  })
})

describe('a plugin that throws', () => {
  const broken = () => {
    throw new Error('broken')
  }

  it.each(['enrichment', 'destination', 'after', 'utility'] as const)(
    'of type %s hurts nobody',
    async (type) => {
      const { server, analytics } = await startClient([plugin({ type, track: broken })])
      const ctx = await analytics.track('A')

      expect(server.names).toEqual(['A'])
      expect(ctx.failedDelivery()).toBeUndefined()
    },
  )

  it('of type before has the event tried again, so many times at most', async () => {
    const track = vi.fn(broken)
    const { server, analytics } = await startClient([plugin({ type: 'before', track })])
    const failures = vi.fn()
    analytics.queue.on('delivery_failure', failures)
    const tracked = analytics.track('A')
    expect(outbox()).toMatchObject([{ event: 'A', raw: true }])
    await advance(24 * 3_600_000)

    expect(track).toHaveBeenCalledTimes(10)
    expect((await tracked).failedDelivery()).toMatchObject({ reason: { message: 'broken' } })
    expect(server.requests).toEqual([])
    expect(outbox()).toEqual([])
  })

  it('of type before, once, lets the event go the next time', async () => {
    const track = vi.fn((ctx: Context) => ctx).mockImplementationOnce(broken)
    const { server, analytics } = await startClient([plugin({ type: 'before', track })])
    const tracked = analytics.track('A')
    await advance(10_000)

    expect((await tracked).attempts).toBe(2)
    expect(server.names).toEqual(['A'])
    expect(outbox()).toEqual([])
  })

  it('of type before, for one event, does not hold the others', async () => {
    const { server, analytics } = await startClient([
      plugin({
        type: 'before',
        track(ctx) {
          if (ctx.event.event === 'Bad') throw new Error('broken')
          return ctx
        },
      }),
    ])
    analytics.track('Bad')
    await analytics.track('Good')

    expect(server.names).toEqual(['Good'])
  })

  it('of type before, without retries, has the event fail at once', async () => {
    const track = vi.fn(broken)
    const { analytics } = await startClient([plugin({ type: 'before', track })], { retryQueue: false })
    const ctx = await analytics.track('A')

    expect(track).toHaveBeenCalledOnce()
    expect(ctx.failedDelivery()).toMatchObject({ reason: { message: 'broken' } })
    expect(outbox()).toEqual([])
  })
})

describe('a plugin that cancels', () => {
  const cancel = (options: object) => () => {
    throw new ContextCancelation(options)
  }

  it.each([
    ['before', { retry: false }],
    ['enrichment', { retry: false }],
    ['destination', { retry: false, type: 'middleware_cancellation' }],
  ] as const)('of type %s drops the event: %j', async (type, options) => {
    const { analytics } = await startClient([plugin({ type, track: cancel(options) })])
    const ctx = await analytics.track('A')

    expect(ctx.failedDelivery()?.reason).toBeInstanceOf(ContextCancelation)
  })

  it('as a destination leaves the others alone', async () => {
    const { server, analytics } = await startClient([
      plugin({ type: 'destination', track: cancel({ retry: false }) }),
    ])
    const ctx = await analytics.track('A')

    expect(server.names).toEqual(['A'])
    expect(ctx.failedDelivery()).toBeUndefined()
  })

  it('for now is asked again', async () => {
    const track = vi.fn((ctx: Context) => ctx).mockImplementationOnce(cancel({ retry: true }))
    const { server, analytics } = await startClient([plugin({ type: 'before', track })])
    analytics.track('A')
    await advance(10_000)

    expect(track).toHaveBeenCalledTimes(2)
    expect(server.names).toEqual(['A'])
  })
})

describe('a plugin that hangs', () => {
  const hang = () => new Promise<never>(() => {})

  it('while it loads holds events for its time, and no longer', async () => {
    const server = startServer()
    const analytics = load({ pluginTimeout: 1_000 }, { plugins: [plugin({ name: 'Hanging', load: hang })] })
    const tracked = analytics.track('A')
    await advance(999)
    expect(await stateOf(tracked)).toBe('pending')
    await advance(1)

    expect(await stateOf(tracked)).toHaveProperty('fulfilled')
    expect(server.names).toEqual(['A'])
    expect(analytics.instance?.failedInitializations).toEqual(['Hanging'])
  })

  it('holds events for half a minute when nobody says for how long', async () => {
    const server = startServer()
    load({}, { plugins: [plugin({ load: hang })] }).track('A')
    await advance(29_999)
    expect(server.requests).toEqual([])
    await advance(1)

    expect(server.names).toEqual(['A'])
  })

  it('as a destination, while it loads, holds no other', async () => {
    const { server, analytics } = await startClient([plugin({ type: 'destination', load: hang })])
    analytics.track('A')
    await settled()

    expect(server.names).toEqual(['A'])
  })

  it.each(['enrichment', 'before'] as const)(
    'in its hook, as %s, does not hold later events for ever',
    async (type) => {
      const { server, analytics } = await startClient(
        [plugin({ type, track: (ctx) => (ctx.event.event === 'Bad' ? hang() : ctx) })],
        { pluginTimeout: 1_000, retryQueue: false },
      )
      const bad = analytics.track('Bad')
      const good = analytics.track('Good')
      await advance(1_000)

      expect(server.names).toEqual(type === 'before' ? ['Good'] : ['Bad', 'Good'])
      expect(await stateOf(good)).toHaveProperty('fulfilled')
      expect(await stateOf(bad)).toHaveProperty('fulfilled')
      expect(outbox()).toEqual([])
    },
  )

  it('as a destination, in its hook, holds the promise of the call for its time', async () => {
    const { server, analytics } = await startClient([plugin({ type: 'destination', track: hang })], {
      pluginTimeout: 1_000,
    })
    const tracked = analytics.track('A')
    await settled()
    expect(server.names).toEqual(['A'])
    expect(await stateOf(tracked)).toBe('pending')
    await advance(1_000)

    expect(await stateOf(tracked)).toHaveProperty('fulfilled')
  })

  it('keeps the order of events when it is only slow', async () => {
    const { server, analytics } = await startClient([
      plugin({
        track: (ctx) =>
          ctx.event.event === 'Slow' ? new Promise((resolve) => setTimeout(resolve, 500, ctx)) : ctx,
      }),
    ])
    analytics.track('Slow')
    analytics.track('Fast')
    await advance(500)

    expect(server.names).toEqual(['Slow', 'Fast'])
  })
})

describe('integrations', () => {
  it.each([
    [{ 'Segment.io': false }, false],
    [{ All: false }, false],
    [{ All: false, 'Segment.io': true }, true],
    [{ All: false, 'Segment.io': {} }, true],
    [{ 'Segment.io': {} }, true],
    [{ All: true }, true],
  ])('of the page switch the Tracking API: %j', async (integrations, isThere) => {
    const { server, analytics } = await startClient([], { integrations })
    await analytics.track('A')

    expect(analytics.queue.plugins.some(({ name }) => name === 'Segment.io')).toBe(isThere)
    expect(server.names).toEqual(isThere ? ['A'] : [])
  })

  it('of the page are told as switches, and those of the call go over them', async () => {
    const { server, analytics } = await startClient([], {
      integrations: { 'Segment.io': {}, Web: { key: 'k' }, Off: false },
    })
    await analytics.track('A', {}, { integrations: { Web: { own: true }, New: true } })

    expect(server.events[0]?.integrations).toEqual({
      'Segment.io': true,
      Web: { own: true },
      Off: false,
      New: true,
    })
  })

  it.each([
    [{ Web: false }, ['Other']],
    [{ All: false }, []],
    [{ All: false, Web: true }, ['Web']],
    [{ 'Web (Actions)': false }, ['Other']],
    [{ 'Web (Actions)': false, Web: true }, ['Web', 'Other']],
    [{}, ['Web', 'Other']],
  ])('of a call switch its destinations: %j', async (integrations, names) => {
    const seen: string[] = []
    const { server, analytics } = await startClient([
      noting(seen, { name: 'Web', type: 'destination', alternativeNames: ['Web (Actions)'] }),
      noting(seen, { name: 'Other', type: 'destination' }),
    ])
    await analytics.track('A', {}, { integrations })

    expect(seen).toEqual(names.map((name) => `${name} track`))
    expect(server.names).toEqual(['A'])
  })

  it('of a call can switch off the Tracking API', async () => {
    const { server, analytics } = await startClient([])
    await analytics.track('A', {}, { integrations: { 'Segment.io': false } })

    expect(server.requests).toEqual([])
    expect(outbox()).toEqual([])
  })

  it('can be changed by plugins', async () => {
    const seen: string[] = []
    const { analytics } = await startClient([
      plugin({
        track(ctx) {
          ctx.event.integrations = { Web: false }
          return ctx
        },
      }),
      noting(seen, { name: 'Web', type: 'destination' }),
    ])
    await analytics.track('A')

    expect(seen).toEqual([])
  })
})

describe('middleware', () => {
  const passing = vi.fn(({ payload, next }) => next(payload))

  it('of the source sees the event and the destinations', async () => {
    const { analytics } = await startClient([plugin({ name: 'Web', type: 'destination' })])
    passing.mockClear()
    await analytics.addSourceMiddleware(passing)
    await analytics.track('Bought', { price: { amount: 1 } })
    const [{ payload, integrations }] = passing.mock.calls[0] ?? []

    expect(integrations).toEqual({ 'Segment.io': true, Web: true })
    expect(payload.obj).toMatchObject({ event: 'Bought' })
    expect(payload.json()).toEqual(payload.obj)
    expect([payload.type(), payload.event(), payload.field('properties.price.amount')]).toEqual([
      'track',
      'Bought',
      1,
    ])
    expect([payload.userId(), payload.groupId()]).toEqual([undefined, undefined])
    expect(payload.anonymousId()).toBe(payload.obj.anonymousId)
    expect(payload.messageId()).toBe(payload.obj.messageId)
    expect(payload.timestamp()).toBeInstanceOf(Date)
    expect(payload.context()).toMatchObject({ page: { path: '/start' } })
    expect(payload.proxy('nothing.there')).toBeUndefined()
  })

  it('of the source that throws is asked again', async () => {
    const { server, analytics } = await startClient([])
    const middleware = vi
      .fn(({ payload, next }) => next(payload))
      .mockImplementationOnce(() => {
        throw new Error('broken')
      })
    await analytics.addSourceMiddleware(middleware)
    analytics.track('A')
    await advance(10_000)

    expect(middleware).toHaveBeenCalledTimes(2)
    expect(server.names).toEqual(['A'])
  })

  it('of the source that does not call `next` drops the event', async () => {
    const { server, analytics } = await startClient([])
    const errors = errorsOf(analytics)
    await analytics.addSourceMiddleware(() => {})
    const ctx = await analytics.track('A')

    expect(ctx.failedDelivery()).toMatchObject({
      reason: { type: 'middleware_cancellation', retry: false, by: 'Source Middleware ' },
    })
    expect(server.requests).toEqual([])
    expect(errors).toEqual([])
  })

  it('of the source is waited for by events that come later', async () => {
    const { server, analytics } = await startClient([])
    analytics.addSourceMiddleware(markingMiddleware)
    await analytics.track('A')

    expect(server.events[0]?.properties).toEqual({ seen: true })
  })

  it('of a destination goes to those that are there and those that come later, by name or to all', async () => {
    const addMiddleware = (name: string) => {
      const added = vi.fn()
      return { added, plugin: Object.assign(plugin({ name, type: 'destination' }), { addMiddleware: added }) }
    }
    const early = addMiddleware('Early')
    const late = addMiddleware('Late')
    const enrichment = Object.assign(plugin({ name: 'Late' }), { addMiddleware: vi.fn() })
    const { analytics } = await startClient([early.plugin])
    const [toEarly, toLate, toAll] = [() => {}, () => {}, () => {}]
    await analytics.addDestinationMiddleware('early', toEarly)
    await analytics.addDestinationMiddleware('LATE', toLate, toEarly)
    await analytics.addDestinationMiddleware('*', toAll)
    await analytics.register(late.plugin, enrichment)

    expect(early.added.mock.calls).toEqual([[toEarly], [toAll]])
    expect(late.added.mock.calls).toEqual([[toLate, toEarly], [toAll]])
    expect(enrichment.addMiddleware).not.toHaveBeenCalled()
  })
})

describe('listeners of the client', () => {
  it('are told of calls when those are over, with what became of their arguments', async () => {
    const { analytics } = await startClient([plugin({ track: markSeen })])
    const heard: unknown[] = []
    for (const name of ['track', 'page', 'screen', 'identify', 'group', 'alias', 'reset'] as const) {
      analytics.on(name, (...args: unknown[]) => heard.push([name, ...args]))
    }
    await analytics.track('Bought', { price: 1 })
    await analytics.page('Docs', 'Start', { tall: true })
    await analytics.screen('Menu')
    await analytics.identify('U', { plan: 'pro' })
    await analytics.group('G', { seats: 5 })
    await analytics.alias('V')
    analytics.reset()

    expect(heard).toEqual([
      ['track', 'Bought', { price: 1, seen: true }, undefined],
      ['page', 'Docs', 'Start', expect.objectContaining({ tall: true, path: '/start' }), undefined],
      ['screen', null, 'Menu', {}, undefined],
      ['identify', 'U', { plan: 'pro' }, undefined],
      ['group', 'G', { seats: 5 }, undefined],
      ['alias', 'V', null, undefined],
      ['reset'],
    ])
  })

  it('are told of the beginning within the call, and have the client as `this`', async () => {
    const { analytics } = await startClient([])
    const heard: unknown[] = []
    analytics.on('dispatch_start', function (this: unknown, ctx) {
      heard.push(this === analytics, ctx.event.event)
    })
    const tracked = analytics.track('A')
    expect(heard).toEqual([true, 'A'])
    await tracked
  })

  it('are told of `initialize` when plugins are there and calls are not made yet', async () => {
    const server = startServer()
    const analytics = load({ retryQueue: false })
    const heard: unknown[] = []
    analytics.on('initialize', (settings, options) => {
      heard.push(settings.writeKey, options.retryQueue, analytics.instance, server.requests.length)
    })
    await analytics.track('A')

    expect(heard).toEqual(['write-key', false, undefined, 0])
  })

  it('that throw hurt nobody', async () => {
    const { server, analytics } = await startClient([])
    const broken = () => {
      throw new Error('broken')
    }
    analytics.on('dispatch_start', broken).on('track', broken).on('error', broken)
    await analytics.track('A')

    expect(server.names).toEqual(['A'])
    expect(consoleErrors()).toHaveLength(2)
  })
})
