// @vitest-environment node

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Analytics, AnalyticsBrowser, AnalyticsNode, getGlobalAnalytics, NullAnalytics } from '../../src'
import { startServer, usualSettings } from './support/fake-server'

/** Rejections that nobody handled: they would end the process. */
const unhandled: unknown[] = []
const note = (reason: unknown) => unhandled.push(reason)

beforeEach(() => {
  unhandled.length = 0
  process.on('unhandledRejection', note)
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] })
})

afterEach(async () => {
  await vi.dynamicImportSettled()
  process.off('unhandledRejection', note)
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

const load = (options = {}) => AnalyticsBrowser.load({ writeKey: 'key' }, options)

describe('on a server', () => {
  it('there is no page', () => {
    expect([typeof document, typeof window, typeof localStorage]).toEqual([
      'undefined',
      'undefined',
      'undefined',
    ])
  })

  it.each([{}, null, { title: 'Rendered' }])(
    'there is none either where something else is called document: %j',
    async (document) => {
      vi.stubGlobal('document', document)
      const server = startServer()

      const analytics = load({ initialPageview: true })
      await Promise.all([analytics.track('A'), analytics.page()])

      expect([server.settingsRequests, server.requests]).toEqual([[], []])
    },
  )

  it('a client is one that does nothing, and says so of every call', async () => {
    const server = startServer()
    const analytics = load({ initialPageview: true })
    const calls = [
      analytics.track('A'),
      analytics.identify('U', { plan: 'pro' }),
      analytics.page(),
      analytics.screen('Menu'),
      analytics.group('G'),
      analytics.alias('V'),
      analytics.ready(),
      analytics.flush(),
      analytics.reset(),
      analytics.user(),
      analytics.group(),
      analytics.setAnonymousId('a'),
      analytics.queryString('?ajs_event=A'),
      analytics.trackLink(null, 'A'),
      analytics.trackForm(null, 'A'),
      analytics.addSourceMiddleware(() => {}),
      analytics.addDestinationMiddleware('*', () => {}),
      analytics.register(),
      analytics.deregister('Nobody'),
      analytics.pageview('/a'),
    ]
    const results = await Promise.allSettled<unknown>(calls)
    const [instance] = await analytics

    expect(results.filter(({ status }) => status === 'rejected')).toEqual([])
    expect(instance).toBeInstanceOf(NullAnalytics)
    expect(server.settingsRequests).toEqual([])
    expect(server.requests).toEqual([])
    expect(vi.getTimerCount()).toBe(0)
    expect(unhandled).toEqual([])
  })

  it('asks no function whether it is disabled, and loads no plugin', async () => {
    startServer()
    const disable = vi.fn()
    const loadPlugin = vi.fn(async () => {})
    const plugin = { name: 'P', type: 'before', isLoaded: () => true, load: loadPlugin } as const
    const analytics = AnalyticsBrowser.load({ writeKey: 'key', plugins: [plugin] }, { disable })
    await analytics.register(plugin)

    expect(disable).not.toHaveBeenCalled()
    expect(loadPlugin).not.toHaveBeenCalled()
  })

  it('a client without `load` holds its calls and hurts nobody', async () => {
    const analytics = new AnalyticsBrowser()
    analytics.track('A')
    analytics.page()
    analytics.on('track', () => {})
    await new Promise((resolve) => setImmediate(resolve))

    expect(unhandled).toEqual([])
    expect(vi.getTimerCount()).toBe(0)
  })

  it('clients of several requests know nothing of each other', async () => {
    const [one] = await load()
    const [two] = await load()
    await one.identify('U', { plan: 'pro' })
    await two.track('A')

    expect(two.user().id()).toBeNull()
    expect(two.user().traits()?.plan).toBeUndefined()
  })

  it('a client can be made without being loaded', async () => {
    const analytics = new Analytics({ writeKey: 'key' })
    const ctx = await analytics.track('A')

    expect(ctx.event).toMatchObject({ type: 'track', event: 'A' })
    expect(getGlobalAnalytics()).toBeUndefined()
    expect(unhandled).toEqual([])
  })

  it('works where there is no `fetch` either', async () => {
    vi.stubGlobal('fetch', undefined)

    expect((await load().track('A')).event.event).toBe('A')
  })

  it('is one when its scope calls itself a worker’s and its agent says whose', async () => {
    const server = startServer()
    vi.stubGlobal('WorkerGlobalScope', class {})
    vi.stubGlobal('navigator', { userAgent: 'Cloudflare-Workers' })
    const [instance] = await load()

    expect(instance).toBeInstanceOf(NullAnalytics)
    expect(server.settingsRequests).toEqual([])
  })

  it('the class for servers says where to go', async () => {
    await expect(AnalyticsNode.load()).rejects.toThrow('@sluice/node')
  })
})

describe('in a worker', () => {
  it('a client sends events, though there is neither a document nor storage', async () => {
    const server = startServer()
    const scope = new EventTarget()
    vi.stubGlobal('WorkerGlobalScope', class {})
    vi.stubGlobal('addEventListener', scope.addEventListener.bind(scope))
    vi.stubGlobal('removeEventListener', scope.removeEventListener.bind(scope))
    vi.stubGlobal('navigator', { userAgent: 'Worker', language: 'de', onLine: true })
    vi.stubGlobal('location', new URL('https://shop.test/worker.js?v=1'))
    const analytics = load()
    analytics.identify('U')
    await analytics.track('A')
    await analytics.flush()

    expect(server.settingsRequests).toHaveLength(1)
    expect(server.events).toMatchObject([
      { type: 'identify', userId: 'U' },
      {
        event: 'A',
        userId: 'U',
        context: {
          userAgent: 'Worker',
          locale: 'de',
          page: { url: 'https://shop.test/worker.js?v=1', title: '' },
        },
      },
    ])
    expect(unhandled).toEqual([])
  })

  it('a client goes on when the worker is online again', async () => {
    const server = startServer()
    const scope = new EventTarget()
    const navigator = { userAgent: 'Worker', onLine: false }
    vi.stubGlobal('WorkerGlobalScope', class {})
    vi.stubGlobal('addEventListener', scope.addEventListener.bind(scope))
    vi.stubGlobal('removeEventListener', scope.removeEventListener.bind(scope))
    vi.stubGlobal('navigator', navigator)
    await AnalyticsBrowser.load({ writeKey: 'key', cdnSettings: usualSettings }).track('A')
    expect(server.requests).toEqual([])
    navigator.onLine = true
    scope.dispatchEvent(new Event('online'))
    await vi.advanceTimersByTimeAsync(0)

    expect(server.names).toEqual(['A'])
  })
})
