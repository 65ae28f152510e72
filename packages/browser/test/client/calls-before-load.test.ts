import { describe, expect, it, vi } from 'vitest'
import { Analytics, AnalyticsBrowser, Group, User } from '../../src'
import { type FakeServer, settingsOf, startServer } from './support/fake-server'
import {
  advance,
  consoleErrors,
  leavePage,
  load,
  markingMiddleware,
  markSeen,
  navigate,
  plugin,
  settled,
  start,
  stateOf,
  useFreshPages,
  writeKey,
} from './support/start-page'

useFreshPages()

/** A client whose settings have not come yet. */
function beginLoading(options?: Parameters<typeof load>[0], settings?: Parameters<typeof load>[1]) {
  const server = startServer()
  server.settings = 'hang'
  return { server, analytics: load(options, settings) }
}

async function finish(server: FakeServer): Promise<void> {
  server.answerSettings()
  await settled()
}

describe('calls that are made before the client is there', () => {
  it('keep one order over all methods', async () => {
    const { server, analytics } = beginLoading()
    analytics.track('A')
    analytics.identify('u1')
    analytics.page('Home')
    analytics.group('g1')
    analytics.track('B')
    analytics.screen('Menu')
    analytics.alias('u2')
    await finish(server)

    expect(server.names).toEqual(['A', 'identify', 'page', 'group', 'B', 'screen', 'alias'])
  })

  it('keep their order over load, and before later calls', async () => {
    const server = startServer()
    const analytics = new AnalyticsBrowser()
    analytics.track('Before load')
    analytics.load({ writeKey })
    analytics.track('While loading')
    await analytics
    analytics.track('After')
    await settled()

    expect(server.names).toEqual(['Before load', 'While loading', 'After'])
  })

  it('tell of the page and the time at which they were made', async () => {
    const server = startServer()
    const analytics = new AnalyticsBrowser()
    analytics.track('On the first page')
    await advance(2_000)
    navigate('/second?to=shop', 'Second')
    analytics.page()
    analytics.load({ writeKey })
    await advance(3_000)
    navigate('/third', 'Third')
    analytics.track('On the third page')
    await settled()

    expect(
      server.events.map(({ context, timestamp }) => [context.page.path, context.page.title, timestamp]),
    ).toEqual([
      ['/start', 'Start', new Date(start).toISOString()],
      ['/second', 'Second', new Date(start + 2_000).toISOString()],
      ['/third', 'Third', new Date(start + 5_000).toISOString()],
    ])
    expect(server.events[1]?.properties).toMatchObject({
      path: '/second',
      search: '?to=shop',
      title: 'Second',
    })
  })

  it('tell of their page and time when they had to wait for `disable`, too', async () => {
    const { server, analytics } = beginLoading({ disable: () => false })
    analytics.track('A')
    await advance(1_000)
    navigate('/second', 'Second')
    await finish(server)

    expect(server.events).toMatchObject([
      { timestamp: new Date(start).toISOString(), context: { page: { path: '/start', title: 'Start' } } },
    ])
  })

  it('keep a time that was given with them', async () => {
    const { server, analytics } = beginLoading()
    const timestamp = new Date('2020-02-02T00:00:00.000Z')
    analytics.track('A', {}, { timestamp })
    await finish(server)

    expect(server.events).toMatchObject([{ timestamp: timestamp.toISOString() }])
  })

  it.each([
    ['accepted at once', {}],
    ['held until `disable` has answered', { disable: () => false }],
  ])('tell of the visitor as of each call, %s', async (_, options) => {
    const { server, analytics } = beginLoading(options)
    analytics.track('A')
    analytics.identify('U', { plan: 'pro' })
    analytics.track('B')
    analytics.reset()
    analytics.track('C')
    await finish(server)

    const [a, identified, b, c] = server.events
    expect(server.events.map(({ userId }) => userId)).toEqual([null, 'U', 'U', null])
    expect(identified?.traits).toEqual({ plan: 'pro' })
    expect(a?.anonymousId).toMatch(/^[\da-f-]{36}$/)
    expect(b?.anonymousId).toBe(a?.anonymousId)
    expect(c?.anonymousId).toMatch(/^[\da-f-]{36}$/)
    expect(c?.anonymousId).not.toBe(a?.anonymousId)
  })

  it.each([
    ['accepted at once', {}],
    ['held until `disable` has answered', { disable: () => false }],
  ])('of `pageview` keep their place, page and visitor, %s', async (_, options) => {
    const { server, analytics } = beginLoading(options)
    analytics.pageview('/virtual')
    navigate('/second', 'Second')
    analytics.identify('U')
    await finish(server)

    expect(server.names).toEqual(['page', 'identify'])
    expect(server.events[0]).toMatchObject({ userId: null, properties: { path: '/virtual', title: 'Start' } })
  })

  it('of `reset` forget the group as well', async () => {
    const { server, analytics } = beginLoading()
    analytics.group('G', { seats: 5 })
    analytics.reset()
    const group = await analytics.group()

    expect([group.id(), group.traits()]).toEqual([null, {}])
    await finish(server)
    expect(server.events).toMatchObject([{ groupId: 'G', traits: { seats: 5 } }])
  })

  it('hold for the visitor whose id is set between them', async () => {
    const { server, analytics } = beginLoading()
    analytics.setAnonymousId('first')
    analytics.track('A')
    analytics.setAnonymousId('second')
    analytics.track('B')
    await finish(server)

    expect(server.events.map(({ anonymousId }) => anonymousId)).toEqual(['first', 'second'])
  })

  it('are sent as they were, whatever the caller does to their arguments later', async () => {
    const { server, analytics } = beginLoading()
    const properties = { items: ['apple'] }
    analytics.track('A', properties)
    properties.items.push('pear')
    await finish(server)

    expect(server.events).toMatchObject([{ properties: { items: ['apple'] } }])
  })

  it('say who the visitor is before the settings have come', async () => {
    const { analytics } = beginLoading()
    analytics.identify('U')
    const user = await analytics.user()
    const group = await analytics.group()

    expect(user).toBeInstanceOf(User)
    expect(user.id()).toBe('U')
    expect(group).toBeInstanceOf(Group)
    expect(await analytics.setAnonymousId('visitor')).toBe('visitor')
    expect(user.anonymousId()).toBe('visitor')
  })

  it('share their visitor with the client', async () => {
    const { server, analytics } = beginLoading({ disableClientPersistence: true })
    const user = await analytics.user()
    analytics.identify('U')
    await finish(server)

    expect(analytics.instance?.user()).toBe(user)
    expect(analytics.instance?.user().id()).toBe('U')
  })

  it('call back', async () => {
    const { server, analytics } = beginLoading()
    const called = vi.fn()
    analytics.track('A', called)
    await finish(server)
    await advance(300)

    expect(called).toHaveBeenCalledOnce()
    expect(called.mock.calls[0]?.[0]).toMatchObject({ event: { event: 'A' } })
  })

  it('reject for arguments that cannot be accepted, and leave the others alone', async () => {
    const { server, analytics } = beginLoading()
    const failed = stateOf(analytics.track('' as 'no name'))
    const tracked = analytics.track('A')
    await finish(server)

    expect(await failed).toMatchObject({ rejected: { message: expect.stringContaining('Event missing') } })
    expect((await tracked).event.event).toBe('A')
  })

  it('answer what the client answers', async () => {
    const { server, analytics } = beginLoading()
    const answers = Promise.all([
      analytics.reset(),
      analytics.ready(),
      analytics.flush(),
      analytics.trackLink(null, 'Clicked'),
      analytics.addDestinationMiddleware('*', () => {}),
      analytics.queryString('?ajs_event=Linked'),
    ])
    await finish(server)
    await settled()
    const [reset, ready, flush, link, middleware, query] = await answers

    expect(reset).toBeUndefined()
    expect(ready).toEqual([undefined, undefined])
    expect(flush).toBeUndefined()
    expect(link).toBeInstanceOf(Analytics)
    expect(middleware).toBeInstanceOf(Analytics)
    expect(query).toMatchObject([{ event: { event: 'Linked' } }])
  })
})

describe('what is set up before the client is there', () => {
  it('hears of all events', async () => {
    const { server, analytics } = beginLoading()
    const heard: unknown[] = []
    analytics.track('A', { a: 1 })
    analytics
      .on('initialize', (settings) => heard.push(['initialize', settings.writeKey]))
      .on('dispatch_start', ({ event }) => heard.push(['dispatch_start', event.event]))
      .on('track', (...args) => heard.push(args))
    await finish(server)

    expect(heard).toEqual([
      ['initialize', writeKey],
      ['dispatch_start', 'A'],
      ['A', { a: 1 }, undefined],
    ])
  })

  it('hears once with `once`, and not after `off`', async () => {
    const { server, analytics } = beginLoading()
    const once = vi.fn()
    const off = vi.fn()
    analytics.once('track', once).on('track', off).off('track', off)
    analytics.track('A')
    analytics.track('B')
    await finish(server)

    expect(once.mock.calls).toEqual([['A', {}, undefined]])
    expect(off).not.toHaveBeenCalled()
  })

  it('hears of a reset that was made before', async () => {
    const { server, analytics } = beginLoading()
    const heard = vi.fn()
    analytics.reset()
    analytics.on('reset', heard)
    await finish(server)

    expect(heard.mock.calls).toEqual([[]])
  })

  it('sees all events as a plugin, after it has loaded', async () => {
    const { server, analytics } = beginLoading()
    let loaded = (): void => {}
    analytics.track('A')
    analytics.register(
      plugin({
        load: () => new Promise<void>((resolve) => (loaded = resolve)),
        track: markSeen,
      }),
    )
    await finish(server)
    expect(server.events).toEqual([])
    loaded()
    await settled()

    expect(server.events).toMatchObject([{ event: 'A', properties: { seen: true } }])
  })

  it('sees all events as a source middleware, and can drop them', async () => {
    const { server, analytics } = beginLoading()
    analytics.track('Dropped')
    analytics.track('Changed')
    analytics.addSourceMiddleware((call) => {
      if (call.payload.event() === 'Dropped') call.next(null)
      else void markingMiddleware(call)
    })
    await finish(server)

    expect(server.events).toMatchObject([{ event: 'Changed', properties: { seen: true } }])
  })

  it('goes on when one of the plugins cannot be loaded', async () => {
    const { server, analytics } = beginLoading()
    analytics.register(plugin({ name: 'Broken', load: () => Promise.reject(new Error('broken')) }))
    const wrong = stateOf(analytics.register({} as never))
    analytics.register(plugin({ name: 'Fine' }))
    const tracked = analytics.track('A')
    await finish(server)

    expect((await tracked).event.event).toBe('A')
    expect(await wrong).toMatchObject({ rejected: { name: 'ValidationError' } })
    expect(analytics.instance?.queue.plugins.map(({ name }) => name)).toEqual([
      'Page Enrichment',
      'Segment.io',
      'Fine',
    ])
  })

  it('is set up one by one', async () => {
    const { server, analytics } = beginLoading()
    const seen: string[] = []
    for (const name of ['First', 'Second']) {
      analytics.register(
        plugin({
          name,
          async load() {
            seen.push(`${name} begins`)
            await Promise.resolve()
            seen.push(`${name} ends`)
          },
        }),
      )
    }
    await finish(server)

    expect(seen).toEqual(['First begins', 'First ends', 'Second begins', 'Second ends'])
  })

  it('keeps its place when more comes while it is set up', async () => {
    startServer()
    const analytics = load()
    const slow = () => new Promise<void>((resolve) => setTimeout(resolve, 100))
    analytics.register(plugin({ name: 'First', load: slow }))
    analytics.register(plugin({ name: 'Second' }))
    await advance(50)
    analytics.register(plugin({ name: 'Third' }))
    await advance(100)

    expect(analytics.instance?.queue.plugins.map(({ name }) => name).slice(2)).toEqual([
      'First',
      'Second',
      'Third',
    ])
  })

  it('is there when `initialize` is told', async () => {
    const { server, analytics } = beginLoading()
    const seen: string[] = []
    analytics.register(
      plugin({
        async load() {
          await Promise.resolve()
          seen.push('loaded')
        },
      }),
    )
    analytics.on('initialize', () => seen.push('initialize'))
    await finish(server)

    expect(seen).toEqual(['loaded', 'initialize'])
  })

  it('hears what plugins emit while they are loaded', async () => {
    const { server, analytics } = beginLoading()
    const heard = vi.fn()
    analytics.register(
      plugin({
        async load(_, instance) {
          instance.emit('reset')
        },
      }),
    )
    analytics.on('reset', heard)
    await finish(server)

    expect(heard).toHaveBeenCalledOnce()
  })

  it('takes away a plugin that was registered just before', async () => {
    const { server, analytics } = beginLoading()
    analytics.register(plugin({ name: 'Short-lived' }))
    analytics.deregister('Short-lived')
    await finish(server)

    expect(analytics.instance?.queue.plugins.map(({ name }) => name)).not.toContain('Short-lived')
  })
})

describe('promises of calls that had to wait settle', () => {
  const broken = new Error('broken')
  const breaking = () => {
    throw broken
  }
  const neverAgain = { disable: true, disableSync: () => true, disableAsync: async () => true }

  it.each(Object.entries(neverAgain))('when the client is disabled: %s', async (_, disable) => {
    const server = startServer()
    const analytics = new AnalyticsBrowser()
    const calls: Promise<unknown>[] = [
      analytics.track('A'),
      analytics.identify('u1'),
      analytics.page(),
      analytics.reset(),
      analytics.user(),
      analytics.ready(),
      analytics.flush(),
      analytics.register(plugin()),
      analytics.addSourceMiddleware(() => {}),
    ]
    analytics.load({ writeKey }, { disable })
    calls.push(analytics.track('B'), analytics.setAnonymousId('a'))
    await analytics
    calls.push(analytics.track('C'))

    expect(await Promise.allSettled(calls)).toEqual(
      calls.map(() => expect.objectContaining({ status: 'fulfilled' })),
    )
    expect(server.requests).toEqual([])
    expect(analytics.instance?.queue.plugins).toEqual([])
  })

  it('when `updateCDNSettings` throws: with its error', async () => {
    const server = startServer()
    const analytics = load({ updateCDNSettings: breaking })
    const calls = [analytics.track('A'), analytics.ready(), analytics.register(plugin())]
    const results = await Promise.allSettled(calls)

    expect(results).toEqual(calls.map(() => ({ status: 'rejected', reason: broken })))
    await expect(analytics.track('later')).rejects.toBe(broken)
    await expect(analytics).rejects.toBe(broken)
    expect(server.requests).toEqual([])
  })

  it('when `disable` throws or rejects: with its error', async () => {
    startServer()
    for (const disable of [breaking, () => Promise.reject(broken)]) {
      const analytics = load({ disable })
      await expect(analytics.track('A')).rejects.toBe(broken)
    }
  })

  it('when the client cannot be made: without an unhandled rejection where nobody waits for them', async () => {
    startServer()
    const unhandled: unknown[] = []
    const note = (reason: unknown) => unhandled.push(reason)
    process.on('unhandledRejection', note)
    const analytics = load({ updateCDNSettings: breaking })
    analytics.track('A')
    analytics.page()
    await settled()
    await settled()
    process.off('unhandledRejection', note)

    expect(unhandled).toEqual([])
  })

  it('when the settings cannot be had: the events are sent all the same', async () => {
    const server = startServer()
    server.settings = 'reset'
    const tracked = load().track('A')
    await advance(200)
    await advance(1_000)

    expect(server.settingsRequests).toHaveLength(3)
    expect(server.events).toMatchObject([{ event: 'A', writeKey }])
    expect(await stateOf(tracked)).toMatchObject({ fulfilled: { event: { event: 'A' } } })
  })

  it('when `fetch` throws instead of answering a promise', async () => {
    startServer()
    vi.stubGlobal('fetch', () => {
      throw new TypeError('blocked')
    })
    const tracked = load().track('A')
    await advance(10_000)

    expect(await stateOf(tracked)).toMatchObject({ fulfilled: { event: { event: 'A' } } })
  })

  it('when many calls that are answered at once are made meanwhile: none of the others goes for them', async () => {
    const { server, analytics } = beginLoading()
    const tracked = analytics.track('A')
    const users = Array.from({ length: 1_001 }, () => analytics.user())
    await Promise.all(users)
    await finish(server)

    expect(await stateOf(tracked)).toMatchObject({ fulfilled: { event: { event: 'A' } } })
  })

  it('when many events were accepted: none is rejected, and all are delivered once, by the next page', async () => {
    const { analytics } = beginLoading()
    const calls = Array.from({ length: 1_001 }, (_, number) => analytics.track(`Event ${number}`))
    expect(await stateOf(Promise.race(calls))).toBe('pending')
    await leavePage()
    const server = startServer()
    await load()
    await advance(60_000)

    expect(server.names).toEqual(calls.map((_, number) => `Event ${number}`))
  })

  it('when `load` is never called: the oldest are rejected when too many wait', async () => {
    startServer()
    const analytics = new AnalyticsBrowser()
    const calls = Array.from({ length: 1_002 }, (_, number) => analytics.track(`Event ${number}`))
    const states = await Promise.all(calls.map(stateOf))
    const rejected = { rejected: new Error('More than 1000 calls wait for load') }

    expect(states.slice(0, 2)).toEqual([rejected, rejected])
    expect(states.slice(2)).toEqual(Array.from({ length: 1_000 }, () => 'pending'))
  })
})

describe('load', () => {
  it('counts once', async () => {
    const server = startServer()
    const analytics = new AnalyticsBrowser()
    expect(analytics.load({ writeKey: 'first' })).toBe(analytics)
    expect(analytics.load({ writeKey: 'second' })).toBe(analytics)
    await analytics

    expect(server.settingsRequests).toEqual(['https://cdn.segment.com/v1/projects/first/settings'])
    expect(analytics.instance?.settings.writeKey).toBe('first')
  })

  it('asks for nothing when it is given the settings', async () => {
    const server = startServer()
    await load({}, { cdnSettings: settingsOf('given') }).track('A')

    expect(server.settingsRequests).toEqual([])
    expect(server.events).toMatchObject([{ writeKey: 'given' }])
  })

  it('asks the given CDN', async () => {
    const server = startServer()
    const analytics = load({}, { cdnURL: 'https://cdn.shop.test/' })
    await analytics

    expect(server.settingsRequests).toEqual([`https://cdn.shop.test/v1/projects/${writeKey}/settings`])
    expect(analytics.instance?.settings.cdnURL).toBe('https://cdn.shop.test')
  })

  it('uses what `updateCDNSettings` returns', async () => {
    const server = startServer()
    await load({ updateCDNSettings: () => settingsOf('changed') }).track('A')

    expect(server.events).toMatchObject([{ writeKey: 'changed' }])
  })

  it('uses what `updateCDNSettings` returns of settings that it was given', async () => {
    const server = startServer()
    const update = vi.fn(() => settingsOf('changed'))
    const given = settingsOf('given')
    await load({ updateCDNSettings: update }, { cdnSettings: given }).track('A')

    expect(update.mock.calls).toEqual([[given]])
    expect(server.events).toMatchObject([{ writeKey: 'changed' }])
  })

  it('calls `page` when it is asked to, with the page as it is then', async () => {
    const { server, analytics } = beginLoading({ initialPageview: true })
    navigate('/second', 'Second')
    analytics.track('A')
    await finish(server)

    expect(server.names).toEqual(['page', 'A'])
    expect(server.events[0]?.properties).toMatchObject({ path: '/start', title: 'Start' })
  })

  it('calls `page` after what was called before', async () => {
    const server = startServer()
    const analytics = new AnalyticsBrowser()
    analytics.track('A')
    analytics.load({ writeKey }, { initialPageview: true })
    await analytics
    await settled()

    expect(server.names).toEqual(['A', 'page'])
  })

  it('makes a client of its own with `standalone`', async () => {
    const server = startServer()
    const analytics = await AnalyticsBrowser.standalone(writeKey, { initialPageview: true })
    await settled()

    expect(analytics).toBeInstanceOf(Analytics)
    expect(server.names).toEqual(['page'])
  })

  it('uses the settings of the last visit at once, and those that come for the next', async () => {
    const server = startServer()
    await load()
    server.settings = 'hang'
    await load().track('A')
    server.answerSettings(settingsOf('new'))
    await settled()
    await load().track('B')

    expect(server.events.map((event) => event.writeKey)).toEqual(['api-key', 'new'])
  })

  it('keeps no settings when it is told so', async () => {
    const server = startServer()
    await load({ cacheSettings: false })
    expect(Object.keys(localStorage).filter((key) => key.includes('settings'))).toEqual([])
    server.settings = 'hang'
    const second = load({ cacheSettings: false })

    expect(await stateOf(second)).toBe('pending')
  })
})

describe('the façade', () => {
  const promising = [
    ...['track', 'page', 'screen', 'identify', 'alias', 'group', 'user', 'reset', 'setAnonymousId', 'ready'],
    ...[
      'flush',
      'queryString',
      'pageview',
      'pageView',
      'trackLink',
      'trackClick',
      'trackForm',
      'trackSubmit',
    ],
    ...['register', 'deregister', 'addSourceMiddleware', 'addDestinationMiddleware'],
  ]
  const chaining = ['on', 'once', 'off', 'emit', 'debug', 'timeout', 'use']

  const argumentsOf: Record<string, unknown[]> = {
    track: ['A'],
    alias: ['u2'],
    queryString: ['?a=b'],
    pageview: ['/a'],
    pageView: ['/a'],
    trackLink: [null, 'A'],
    trackClick: [null, 'A'],
    trackForm: [null, 'A'],
    trackSubmit: [null, 'A'],
    register: [plugin()],
    deregister: ['Nobody'],
    addSourceMiddleware: [({ payload, next }: { payload: unknown; next(p: unknown): void }) => next(payload)],
    addDestinationMiddleware: ['*', () => {}],
    on: ['track', () => {}],
    once: ['track', () => {}],
    off: ['track', () => {}],
    emit: ['reset'],
    debug: [false],
    timeout: [300],
    use: [() => {}],
  }

  it.each(promising)('answers a promise for `%s`, before and after, on its own too', async (method) => {
    startServer()
    const analytics = load()
    const alone: (...args: unknown[]) => unknown = Reflect.get(analytics, method)
    const before = alone(...(argumentsOf[method] ?? []))
    await analytics
    const after = alone(...(argumentsOf[method] ?? []))

    expect(before).toBeInstanceOf(Promise)
    expect(after).toBeInstanceOf(Promise)
    expect(await stateOf(Promise.all([before, after]))).toHaveProperty('fulfilled')
  })

  it.each(chaining)('answers itself for `%s`, before and after, on its own too', async (method) => {
    startServer()
    const analytics = load()
    const alone: (...args: unknown[]) => unknown = Reflect.get(analytics, method)

    expect(alone(...(argumentsOf[method] ?? []))).toBe(analytics)
    await analytics
    expect(alone(...(argumentsOf[method] ?? []))).toBe(analytics)
    await settled()
    expect(consoleErrors()).toEqual([])
  })

  it('is a promise of the client and how it was set up', async () => {
    startServer()
    const analytics = load()
    expect(analytics.instance).toBeUndefined()
    const [instance, ctx] = await analytics

    expect(instance).toBeInstanceOf(Analytics)
    expect(instance.initialized).toBe(true)
    expect(ctx.event).toMatchObject({ type: 'track', event: 'system' })
    expect(analytics.instance).toBe(instance)
    expect(analytics.ctx).toBe(ctx)
    expect(analytics.VERSION).toBe(instance.VERSION)
  })

  it('can be waited for with `then`, `catch` and `finally`', async () => {
    startServer()
    const finished = vi.fn()
    const analytics = load()
    const name = await analytics.then(([{ settings }]) => settings.writeKey)
    await analytics.finally(finished)
    const failing = load({
      updateCDNSettings() {
        throw new Error('broken')
      },
    })

    expect(name).toBe(writeKey)
    expect(finished).toHaveBeenCalledWith()
    expect(await failing.catch((reason: unknown) => String(reason))).toBe('Error: broken')
    expect(await failing.then(undefined, () => 'handled')).toBe('handled')
    expect(failing.instance).toBeUndefined()
  })

  it('has settings and storage', async () => {
    startServer()
    const analytics = load()
    expect((await analytics.settings).writeKey).toBe(writeKey)
    const storage = await analytics.storage
    storage.set('seen', true)
    expect((await analytics.storage).get('seen')).toBe(true)
  })

  it('passes on what is done before the client is there', async () => {
    startServer()
    const analytics = load()
    const used = vi.fn()
    analytics.use(used).timeout(50)
    const [instance] = await analytics

    expect(used).toHaveBeenCalledWith(instance)
    expect(instance.settings.timeout).toBe(50)
  })

  it('hears what it emits itself', async () => {
    startServer()
    const analytics = load()
    const heard = vi.fn()
    analytics.on('reset', heard).emit('reset')
    await analytics

    expect(heard).toHaveBeenCalledOnce()
  })
})
