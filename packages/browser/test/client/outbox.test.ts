import { describe, expect, it, vi } from 'vitest'
import { type Context, ContextCancelation, type InitOptions } from '../../src'
import { stored } from '../identity/start-page'
import { denyCookies, denyLocalStorage, fillLocalStorage } from '../storage/browser-storage'
import { createFakeLocks } from '../support/fake-locks'
import { settingsOf, startServer, usualSettings } from './support/fake-server'
import {
  advance,
  errorsOf,
  leavePage,
  load,
  markingMiddleware,
  markSeen,
  outbox,
  pageThatDies,
  plugin,
  setOnline,
  settled,
  stateOf,
  useFreshPages,
  useLocks,
  writeKey,
} from './support/start-page'

useFreshPages()

describe('an event', () => {
  it('is kept within the call, before there are settings, and no longer when it is delivered', async () => {
    const server = startServer()
    server.settings = 'hang'
    server.script('hang')
    const analytics = load()
    analytics.track('A')
    expect(outbox()).toMatchObject([{ event: 'A', raw: true }])

    server.answerSettings()
    await settled()
    expect(outbox()).toMatchObject([{ event: 'A', raw: false }])

    server.answer(200)
    await settled()
    expect(outbox()).toEqual([])
  })

  it('is kept within the call when the client is there: encoded, if no plugin waits', async () => {
    const server = startServer()
    server.script('hang')
    const analytics = load()
    await analytics
    analytics.track('A')
    expect(outbox()).toMatchObject([{ event: 'A', raw: false }])

    await settled()
    server.answer()
    await settled()
    expect(outbox()).toEqual([])
  })

  it('is kept within the call when a plugin waits', async () => {
    const server = startServer()
    let goOn = (): void => {}
    const analytics = load(
      {},
      { plugins: [plugin({ track: (ctx) => new Promise((resolve) => (goOn = () => resolve(ctx))) })] },
    )
    await analytics
    analytics.track('A')
    expect(outbox()).toMatchObject([{ event: 'A', raw: true }])

    goOn()
    await settled()
    expect(server.names).toEqual(['A'])
    expect(outbox()).toEqual([])
  })

  it('that a plugin made wait is kept while the server fails', async () => {
    const server = startServer()
    server.script(500)
    const [analytics] = await load({}, { plugins: [plugin({ track: async (ctx) => ctx })] })
    await analytics.track('A')

    expect(server.names).toEqual(['A'])
    expect(outbox()).toMatchObject([{ event: 'A', raw: false }])
  })

  it('that was accepted before the client was there is kept while the server fails', async () => {
    const server = startServer()
    server.script(500)
    await load({}, { plugins: [plugin({ track: async (ctx) => ctx })] }).track('A')

    expect(server.names).toEqual(['A'])
    expect(outbox()).toMatchObject([{ event: 'A', raw: false }])
  })

  it('is kept once, under the id with which it is sent', async () => {
    const server = startServer()
    server.settings = 'hang'
    const analytics = load()
    analytics.track('A')
    const [kept] = outbox()
    server.answerSettings()
    await settled()

    expect(server.events[0]?.messageId).toBe(kept?.messageId)
  })

  it('is kept with all the others of the page, in order', async () => {
    startServer().settings = 'hang'
    const analytics = load()
    analytics.track('A')
    analytics.page()
    analytics.identify('U')

    expect(outbox().map(({ event }) => event)).toEqual(['A', 'page', 'identify'])
  })

  it('is no longer kept when the server refuses it', async () => {
    startServer().script(400)
    await load().track('A')
    await settled()

    expect(outbox()).toEqual([])
  })

  const droppers = {
    'a plugin that answers null': plugin({ type: 'before', track: () => null }),
    'a plugin that answers null, later': plugin({ type: 'before', track: async () => null }),
    'a plugin that cancels it': plugin({
      type: 'enrichment',
      track() {
        throw new ContextCancelation({ retry: false })
      },
    }),
    'a plugin that cancels it, later': plugin({
      type: 'enrichment',
      track: () => Promise.reject(new ContextCancelation({ retry: false })),
    }),
  }

  it.each(Object.entries(droppers))('is no longer kept when it is dropped by %s', async (_, dropper) => {
    const server = startServer()
    const analytics = load({}, { plugins: [dropper] })
    const early = await analytics.track('Before the client was there')
    expect(outbox()).toEqual([])
    const late = await analytics.track('A')

    expect([early.event.event, late.event.event]).toEqual(['Before the client was there', 'A'])
    expect(server.requests).toEqual([])
    expect(outbox()).toEqual([])
  })

  it.each([
    ['at once', () => {}],
    ['later', () => Promise.resolve()],
  ])('is no longer kept when a source middleware drops it, and ends %s', async (_, end) => {
    const server = startServer()
    const analytics = load()
    analytics.addSourceMiddleware(({ next }) => {
      next(null)
      return end()
    })
    await analytics.track('Before the client was there')
    await analytics.track('A')

    expect(server.requests).toEqual([])
    expect(outbox()).toEqual([])
  })

  it.each<[string, InitOptions, object]>([
    ['the Tracking API is switched off', { integrations: { 'Segment.io': false } }, {}],
    ['all destinations are switched off', { integrations: { All: false } }, {}],
    ['its call switches off the Tracking API', {}, { integrations: { 'Segment.io': false } }],
  ])('is neither sent nor kept for ever when %s', async (_, ofPage, ofCall) => {
    const server = startServer()
    const analytics = load(ofPage)
    await analytics.track('Before the client was there', {}, ofCall)
    await analytics.track('A', {}, ofCall)

    expect(server.requests).toEqual([])
    expect(outbox()).toEqual([])
  })

  it('that was accepted before the client was there is not kept when it is lost offline, without retries', async () => {
    const server = startServer()
    setOnline(false)
    const ctx = await load({ retryQueue: false }, { cdnSettings: usualSettings }).track('A')

    expect(ctx.failedDelivery()).toBeDefined()
    expect(server.requests).toEqual([])
    expect(outbox()).toEqual([])
  })

  const renamings = {
    'gives it': (ctx: Context) => {
      ctx.event.messageId = 'another'
      return ctx
    },
    'puts it into a context of its own with': (ctx: Context) =>
      new (ctx.constructor as typeof Context)({ ...ctx.event, messageId: 'another' }),
  }

  it.each(Object.entries(renamings))(
    'is not kept under its first id when a plugin %s another',
    async (_, track) => {
      const server = startServer()
      const analytics = load({}, { plugins: [plugin({ track })] })
      await analytics.track('Before the client was there')
      await analytics.track('A')

      expect(server.names).toEqual(['Before the client was there', 'A'])
      expect(server.events.map(({ messageId }) => messageId)).toEqual(['another', 'another'])
      expect(outbox()).toEqual([])
    },
  )

  it.each([
    ['no JSON', { number: 1n }, { cause: expect.any(TypeError) }],
    ['too large', { text: 'x'.repeat(500_000) }, { message: expect.stringContaining('maximum event size') }],
  ])('that is %s is told of, not kept, and hurts no other', async (_, properties, reason) => {
    const server = startServer()
    const analytics = load()
    const errors = errorsOf(analytics)
    analytics.track('Bad', properties)
    await analytics.track('A')

    expect(server.names).toEqual(['A'])
    expect(errors).toMatchObject([[{ code: 'delivery_failure', reason }]])
    expect(outbox()).toEqual([])
  })
})

describe('events that a page left behind', () => {
  it('before they had been through its plugins go through those of the next, and are sent once', async () => {
    await pageThatDies((analytics) => {
      analytics.identify('U')
      analytics.track('A', { a: 1 })
    })
    const left = outbox()
    expect(left).toMatchObject([
      { raw: true, event: 'identify' },
      { raw: true, event: 'A' },
    ])
    const server = startServer()
    await advance(1_000)
    await load({}, { plugins: [plugin({ track: markSeen })] })
    await advance(60_000)

    expect(server.events.map(({ messageId }) => messageId)).toEqual(left.map(({ messageId }) => messageId))
    expect(server.events[1]).toMatchObject({
      event: 'A',
      properties: { a: 1, seen: true },
      userId: 'U',
      writeKey: 'api-key',
      timestamp: '2026-01-01T00:00:00.000Z',
      context: { userAgent: navigator.userAgent, library: { name: expect.any(String) } },
    })
    expect(outbox()).toEqual([])
  })

  it('after they had been through its plugins are sent as they are', async () => {
    const first = startServer()
    first.script('hang')
    const analytics = load()
    await analytics
    analytics.track('A', { a: 1 })
    await settled()
    const [left] = outbox()
    expect(left?.raw).toBe(false)
    await leavePage()

    const server = startServer()
    await load({}, { plugins: [plugin({ track: markSeen })] })
    await advance(60_000)

    const { sentAt, ...sent } = server.events[0] ?? {}
    expect(server.events).toHaveLength(1)
    expect(sentAt).toBeDefined()
    expect(sent).toEqual(JSON.parse(left?.text ?? ''))
    expect(outbox()).toEqual([])
  })

  it.each([
    ['before', true],
    ['after', false],
  ])('%s they had been through its plugins are told of once when they are given up', async (_, raw) => {
    const first = startServer()
    first.script('hang')
    if (raw) first.settings = 'hang'
    load().track('A')
    await settled()
    expect(outbox()).toMatchObject([{ event: 'A', raw }])
    await leavePage()

    startServer().script(400)
    const errors = errorsOf(load())
    await advance(60_000)

    expect(errors).toMatchObject([
      [
        {
          code: 'delivery_failure',
          reason: { message: expect.stringContaining('400') },
          ctx: { event: { event: 'A' } },
        },
      ],
    ])
    expect(outbox()).toEqual([])
  })

  it.each([
    ['with locks', createFakeLocks()],
    ['without locks', undefined],
  ])('go through source middleware that was added before the client was there, %s', async (_, locks) => {
    await pageThatDies((analytics) => analytics.track('A'))
    useLocks(locks)
    // Without locks, the lease of the page that died has to run out.
    await advance(90_001)
    const server = startServer()
    const analytics = load()
    analytics.register(plugin({ load: () => new Promise((resolve) => setTimeout(resolve, 100)) }))
    analytics.addSourceMiddleware(markingMiddleware)
    await advance(1_000)

    expect(server.events).toMatchObject([{ event: 'A', properties: { seen: true } }])
  })

  it('are dropped by the plugins of the next page for good', async () => {
    await pageThatDies((analytics) => analytics.track('A'))
    const server = startServer()
    const drop = vi.fn(() => null)
    for (let page = 0; page < 3; page++) {
      await load({}, { plugins: [plugin({ type: 'before', track: drop })] })
      await advance(60_000)
      await leavePage()
    }

    expect(drop).toHaveBeenCalledOnce()
    expect(server.requests).toEqual([])
    expect(outbox()).toEqual([])
  })

  it('and that are nothing are thrown away', async () => {
    localStorage.setItem(`sluice:outbox:v1:${writeKey}:dead-page:10000000:id-1`, 'raw:{')
    localStorage.setItem(`sluice:outbox:v1:${writeKey}:dead-page:10000001:id-2`, 'raw:[]')
    const server = startServer()
    await load()
    await advance(60_000)

    expect(server.requests).toEqual([])
    expect(Object.keys(localStorage).filter((key) => key.startsWith('sluice:outbox'))).toEqual([])
  })

  it('are not sent by two pages that are opened at once', async () => {
    await pageThatDies((analytics) => analytics.track('A'))
    const server = startServer()
    await Promise.all([load(), load()])
    await advance(60_000)

    expect(server.names).toEqual(['A'])
  })

  it('are left alone while their page lives', async () => {
    const server = startServer()
    server.settings = 'hang'
    load().track('A')
    await settled()
    server.settings = settingsOf('api-key')
    await load()
    await advance(1_000)

    expect(server.requests).toEqual([])
    expect(outbox()).toMatchObject([{ event: 'A' }])
  })
})

describe('the lane of a page', () => {
  it('is not held by a client without the Tracking API', async () => {
    const locks = createFakeLocks()
    useLocks(locks)
    startServer()
    await load({ integrations: { 'Segment.io': false } }).track('A')
    window.dispatchEvent(new Event('pagehide'))
    await settled()

    expect([...locks.held]).toEqual([])
  })

  it('is let go when the page goes to sleep before its client is there', async () => {
    const locks = createFakeLocks()
    useLocks(locks)
    startServer().settings = 'hang'
    load().track('A')
    await settled()
    expect([...locks.held]).toHaveLength(1)
    window.dispatchEvent(new Event('pagehide'))
    await settled()

    expect([...locks.held]).toEqual([])
  })
})

describe('with `disableClientPersistence`', () => {
  it.each([
    ['with locks', createFakeLocks()],
    ['without locks', undefined],
  ])('nothing is stored, %s', async (_, locks) => {
    useLocks(locks)
    const server = startServer()
    server.script('hang')
    const analytics = load({ disableClientPersistence: true })
    analytics.track('A')
    analytics.identify('U', { plan: 'pro' })
    analytics.group('G', { seats: 5 })
    expect(stored()).toEqual({ local: {}, cookies: {} })
    await analytics
    analytics.track('B')
    const storage = await analytics.storage
    storage.set('seen', true)
    await settled()
    expect(stored()).toEqual({ local: {}, cookies: {} })
    await advance(30_000)
    window.dispatchEvent(new Event('pagehide'))

    expect(server.names.slice(0, 4)).toEqual(['A', 'identify', 'group', 'B'])
    expect(server.events[3]?.userId).toBe('U')
    expect(stored()).toEqual({ local: {}, cookies: {} })
  })
})

describe('storage that', () => {
  it.each([
    ['is denied', denyLocalStorage],
    ['is full', fillLocalStorage],
    ['is missing', () => vi.stubGlobal('localStorage', undefined)],
    [
      'is missing, with cookies denied',
      () => {
        vi.stubGlobal('localStorage', null)
        denyCookies()
      },
    ],
  ])('%s harms nothing', async (_, spoil) => {
    const server = startServer()
    server.script(200, 500, 200)
    spoil()
    const analytics = load()
    analytics.track('A')
    analytics.identify('U', { plan: 'pro' })
    await analytics
    analytics.track('B')
    await advance(60_000)

    expect([...new Set(server.names)]).toEqual(['A', 'identify', 'B'])
    expect(server.names).toHaveLength(4)
    expect(server.events.find(({ event }) => event === 'B')?.userId).toBe('U')
    expect(new Set(server.events.map(({ anonymousId }) => anonymousId)).size).toBe(1)
  })

  it.each(['locks that reject', 'locks that throw'])('is there, with %s', async (kind) => {
    const request = () => {
      if (kind === 'locks that throw') throw new DOMException('denied', 'SecurityError')
      return Promise.reject(new DOMException('denied', 'SecurityError'))
    }
    useLocks({ request })
    const server = startServer()
    const tracked = load().track('A')

    expect(await stateOf(tracked)).toHaveProperty('fulfilled')
    expect(server.names).toEqual(['A'])
  })

  it('is another one is used in its place', async () => {
    const kept = new Map<string, string>()
    const store = {
      get: (key: string) => kept.get(key),
      set: (key: string, value: string) => {
        kept.set(key, value)
        return true
      },
      remove: (key: string) => void kept.delete(key),
      keys: (prefix: string) => [...kept.keys()].filter((key) => key.startsWith(prefix)),
    }
    const server = startServer()
    server.settings = 'hang'
    const analytics = load({ store })
    analytics.track('A')
    const keys = [...kept.keys()].filter((key) => key.startsWith('sluice:outbox'))
    server.answerSettings()
    await settled()

    expect(keys).toHaveLength(1)
    expect(stored().local).toEqual({})
    expect(server.names).toEqual(['A'])
    expect([...kept.keys()].filter((key) => key.startsWith('sluice:outbox'))).toEqual([])
  })

  it('has no room for another event gives that of the oldest, and tells of it', async () => {
    startServer().script('hang')
    const analytics = load()
    const errors = errorsOf(analytics)
    await analytics
    for (const name of ['A', 'B', 'C', 'D', 'E', 'F']) analytics.track(name, { text: 'x'.repeat(400_000) })

    expect(outbox().map(({ event }) => event)).toEqual(['C', 'D', 'E', 'F'])
    expect(errors).toMatchObject([[{ code: 'outbox_full' }], [{ code: 'outbox_full' }]])
  })
})
