import { describe, expect, it, vi } from 'vitest'
import { ContextCancelation } from '../../src'
import { stored } from '../identity/start-page'
import { denyCookies, denyLocalStorage, fillLocalStorage } from '../storage/browser-storage'
import { startServer } from './support/fake-server'
import {
  advance,
  leavePage,
  load,
  outbox,
  plugin,
  settled,
  stateOf,
  useFreshPages,
  useLocks,
  writeKey,
} from './support/start-page'

useFreshPages()

/** A page that dies before its client was there. */
async function pageThatDies(act: (analytics: ReturnType<typeof load>) => void, options = {}): Promise<void> {
  startServer().settings = 'hang'
  act(load(options))
  await leavePage()
}

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
    await analytics
    await analytics.track('A')

    expect(server.requests).toEqual([])
    expect(outbox()).toEqual([])
  })

  it('that is no JSON is told of, and hurts no other', async () => {
    const server = startServer()
    const analytics = load()
    const errors = vi.fn()
    analytics.on('error', errors)
    analytics.track('Big', { number: 1n })
    await analytics.track('A')

    expect(server.names).toEqual(['A'])
    expect(errors.mock.calls).toMatchObject([
      [{ code: 'delivery_failure', reason: { cause: expect.any(TypeError) } }],
    ])
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
    const seen = plugin({
      track(ctx) {
        ctx.updateEvent('properties.seen', true)
        return ctx
      },
    })
    const analytics = load({}, { plugins: [seen] })
    await analytics
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
    const changes = plugin({
      track(ctx) {
        ctx.updateEvent('properties.seen', true)
        return ctx
      },
    })
    await load({}, { plugins: [changes] })
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
    const analytics = load()
    const errors = vi.fn()
    analytics.on('error', errors)
    await advance(60_000)

    expect(errors.mock.calls).toMatchObject([
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
    server.settings = { integrations: { 'Segment.io': { apiKey: 'api-key' } } }
    await load()
    await advance(1_000)

    expect(server.requests).toEqual([])
    expect(outbox()).toMatchObject([{ event: 'A' }])
  })
})

describe('with `disableClientPersistence`', () => {
  it('nothing is stored', async () => {
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
    const errors = vi.fn()
    analytics.on('error', errors)
    await analytics
    for (const name of ['A', 'B', 'C', 'D', 'E', 'F']) analytics.track(name, { text: 'x'.repeat(400_000) })

    expect(outbox().map(({ event }) => event)).toEqual(['C', 'D', 'E', 'F'])
    expect(errors.mock.calls).toMatchObject([[{ code: 'outbox_full' }], [{ code: 'outbox_full' }]])
  })
})
