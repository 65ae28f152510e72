import { describe, expect, it, vi } from 'vitest'
import type { DeliveryStrategy, InitOptions, SegmentioSettings } from '../../src'
import { type FakeServer, type Reply, startServer } from './support/fake-server'
import {
  advance,
  errorsOf,
  load,
  outbox,
  plugin,
  setOnline,
  settled,
  stateOf,
  useFreshPages,
} from './support/start-page'

useFreshPages()

/** A client that is complete, and all errors that it tells of. */
async function startClient(
  replies: Reply[],
  options: InitOptions = {},
  ofSource: Partial<SegmentioSettings> = {},
  integrations: object = {},
) {
  const server = startServer()
  server.script(...replies)
  server.settings = { integrations: { 'Segment.io': { apiKey: 'api-key', ...ofSource }, ...integrations } }
  const analytics = load(options)
  const errors = errorsOf(analytics)
  const [client] = await analytics
  return { server, analytics: client, errors }
}

const batching = (config: object = {}): InitOptions => ({
  integrations: { 'Segment.io': { deliveryStrategy: { strategy: 'batching', config } } },
})

const namesOfRequests = ({ requests }: FakeServer) =>
  requests.map(({ body }) => (body.batch ?? [body]).map(({ event }) => event))

describe('an event on the wire', () => {
  it('of `track`', async () => {
    const { server, analytics } = await startClient([200])
    await analytics.track(
      'Bought',
      { price: 1, at: new Date(0) },
      { context: { ip: '0.0.0.0' }, plan: 'pro' },
    )

    expect(server.requests).toMatchObject([
      {
        url: 'https://api.segment.io/v1/t',
        init: {
          method: 'POST',
          headers: { 'Content-Type': 'text/plain', Authorization: `Basic ${btoa('api-key:')}` },
        },
      },
    ])
    expect(server.requests[0]?.init.headers).not.toHaveProperty('X-Retry-Count')
    expect(server.events).toEqual([
      {
        type: 'track',
        event: 'Bought',
        properties: { price: 1, at: '1970-01-01T00:00:00.000Z' },
        integrations: {},
        messageId: expect.stringMatching(/^ajs-next-\d{13}-[\da-f-]{36}$/),
        anonymousId: expect.stringMatching(/^[\da-f-]{36}$/),
        userId: null,
        writeKey: 'api-key',
        timestamp: '2026-01-01T00:00:00.000Z',
        sentAt: '2026-01-01T00:00:00.000Z',
        context: {
          ip: '0.0.0.0',
          plan: 'pro',
          page: {
            path: '/start',
            referrer: '',
            search: '?from=mail',
            title: 'Start',
            url: 'https://shop.test/start?from=mail',
          },
          campaign: {},
          userAgent: navigator.userAgent,
          locale: navigator.language,
          library: { name: expect.any(String), version: expect.any(String) },
          timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
        },
        _metadata: { bundled: ['Segment.io'], unbundled: [], bundledIds: [] },
      },
    ])
  })

  it.each([
    [
      'page',
      ['Docs', 'Start', { tall: true }],
      '/p',
      {
        category: 'Docs',
        name: 'Start',
        properties: { tall: true, name: 'Start', category: 'Docs', path: '/start' },
      },
    ],
    ['page', [], '/p', { properties: { path: '/start', title: 'Start', search: '?from=mail' } }],
    ['screen', ['Menu', { tall: true }], '/s', { name: 'Menu', properties: { tall: true } }],
    ['identify', ['U', { plan: 'pro' }], '/i', { userId: 'U', traits: { plan: 'pro' } }],
    ['group', ['G', { seats: 5 }], '/g', { groupId: 'G', traits: { seats: 5 }, userId: null }],
    ['alias', ['new', 'old'], '/a', { userId: 'new', previousId: 'old' }],
  ] as const)('of `%s` with %j', async (method, args, path, wire) => {
    const { server, analytics } = await startClient([200])
    await (analytics[method] as (...args: unknown[]) => Promise<unknown>)(...args)

    expect(server.requests).toMatchObject([
      { url: `https://api.segment.io/v1${path}`, body: { type: method, ...wire } },
    ])
  })

  it('tells of the user that was identified before, and of all that is known of them', async () => {
    const { server, analytics } = await startClient([200])
    analytics.identify('U', { plan: 'pro' })
    analytics.identify({ age: 7 })
    analytics.track('A')
    analytics.alias('V')
    await analytics.flush()

    expect(server.events).toMatchObject([
      { userId: 'U', traits: { plan: 'pro' } },
      { userId: 'U', traits: { plan: 'pro', age: 7 } },
      { userId: 'U' },
      { userId: 'V', previousId: 'U' },
    ])
    expect(server.events[2]).not.toHaveProperty('traits')
  })

  it('tells which destinations get it from the page', async () => {
    const { server, analytics } = await startClient(
      [200],
      {},
      { unbundledIntegrations: ['Server'], maybeBundledConfigIds: { Web: ['id-1', 'id-2'] } },
      { Web: { bundlingStatus: 'bundled' }, Other: { bundlingStatus: 'unbundled' } },
    )
    await analytics.track('A')

    expect(server.events[0]?._metadata).toEqual({
      bundled: ['Segment.io', 'Web'],
      unbundled: ['Other', 'Server'],
      bundledIds: ['id-1', 'id-2'],
    })
  })

  it('tells of the Tracking API twice, with its ids, if the settings call it bundled as well', async () => {
    const settings = { bundlingStatus: 'bundled', maybeBundledConfigIds: { 'Segment.io': ['id'] } }
    const { server, analytics } = await startClient([200], {}, settings)
    await analytics.track('A')

    expect(server.events[0]?._metadata).toEqual({
      bundled: ['Segment.io', 'Segment.io'],
      unbundled: [],
      bundledIds: ['id', 'id'],
    })
  })

  it('does not tell of them when the source does not want it, but of plugins that did not load', async () => {
    const { server, analytics } = await startClient([200], {}, { addBundledMetadata: false })
    await analytics.register(plugin({ name: 'Broken', load: () => Promise.reject(new Error('broken')) }))
    await analytics.track('A')

    expect(server.events[0]?._metadata).toEqual({ failedInitializations: ['Broken'] })
  })

  it.each([
    [{ apiHost: 'events.shop.test/v2' }, {}, 'https://events.shop.test/v2/t'],
    [
      { apiHost: 'events.shop.test/v2' },
      { apiHost: 'page.shop.test', protocol: 'http' },
      'http://page.shop.test/t',
    ],
    [{}, { apiHost: 'https://page.shop.test/v1/' }, 'https://page.shop.test/v1/t'],
  ] as const)('goes where the source and the page say: %j %j', async (ofSource, ofPage, url) => {
    const { server, analytics } = await startClient(
      [200],
      { integrations: { 'Segment.io': ofPage } },
      ofSource,
    )
    await analytics.track('A')

    expect(server.requests).toMatchObject([{ url }])
    expect(analytics.settings.apiHost).toBe((ofPage as { apiHost?: string }).apiHost ?? 'events.shop.test/v2')
  })

  it('goes with the headers and the settings of requests that the page gives', async () => {
    let number = 0
    const config: DeliveryStrategy['config'] = {
      headers: () => ({ 'X-Number': String(++number), 'Content-Type': 'application/json' }),
      credentials: 'include',
      priority: 'high',
    }
    const { server, analytics } = await startClient([200], {
      integrations: { 'Segment.io': { deliveryStrategy: { config } } },
    })
    await analytics.track('A')
    await analytics.track('B')

    expect(server.requests).toMatchObject([
      {
        init: {
          credentials: 'include',
          priority: 'high',
          headers: { 'X-Number': '1', 'Content-Type': 'application/json' },
        },
      },
      { init: { headers: { 'X-Number': '2' } } },
    ])
  })
})

describe('the promise of a call', () => {
  it('is fulfilled with the first answer', async () => {
    const { server, analytics } = await startClient(['hang'])
    const tracked = analytics.track('A')
    expect(await stateOf(tracked)).toBe('pending')
    server.answer(200)

    expect((await tracked).failedDelivery()).toBeUndefined()
  })

  it.each([
    ['500', 500],
    ['429', 429],
    ['429 with Retry-After', { status: 429, headers: { 'Retry-After': '30' } }],
    ['a network error', 'reset'],
  ] as const)(
    'is fulfilled without waiting for retries after %s, and the event is delivered later',
    async (_, reply) => {
      const { server, analytics, errors } = await startClient(['hang', 200])
      const tracked = analytics.track('A')
      await settled()
      server.answer(reply)
      const ctx = await tracked

      expect(server.requests).toHaveLength(1)
      expect(ctx.failedDelivery()).toBeUndefined()
      expect(outbox()).toMatchObject([{ event: 'A', raw: false }])
      await advance(29_000)
      expect(server.requests).toHaveLength(typeof reply === 'object' ? 1 : 2)
      await advance(2_000)
      expect(server.requests).toMatchObject([{}, { body: { event: 'A' } }])
      expect(server.events[1]?.messageId).toBe(server.events[0]?.messageId)
      expect(outbox()).toEqual([])
      expect(errors).toEqual([])
    },
  )

  it('is fulfilled at once while the server is down', async () => {
    const { server, analytics } = await startClient([500, 'hang'])
    await analytics.track('A')
    const tracked = analytics.track('B')

    expect(await stateOf(tracked)).toHaveProperty('fulfilled')
    expect(namesOfRequests(server)).toContainEqual(['B'])
  })

  it('is fulfilled at once when the page is offline, and the event is delivered when it is online again', async () => {
    const { server, analytics, errors } = await startClient([200])
    setOnline(false)
    const tracked = analytics.track('A')
    expect(await stateOf(tracked)).toHaveProperty('fulfilled')
    await advance(60_000)
    expect(server.requests).toEqual([])
    expect(outbox()).toMatchObject([{ event: 'A' }])
    setOnline(true)
    await settled()

    expect(server.events).toMatchObject([{ event: 'A', timestamp: '2026-01-01T00:00:00.000Z' }])
    expect(server.requests[0]?.init.headers).not.toHaveProperty('X-Retry-Count')
    expect(outbox()).toEqual([])
    expect(errors).toEqual([])
  })

  it('is fulfilled when the page goes offline and the request breaks', async () => {
    const { server, analytics } = await startClient(['hang', 200])
    const tracked = analytics.track('A')
    await settled()
    setOnline(false)
    server.answer('reset')

    expect(await stateOf(tracked)).toHaveProperty('fulfilled')
    await advance(60_000)
    expect(server.requests).toHaveLength(1)
    setOnline(true)
    await settled()
    expect(namesOfRequests(server)).toEqual([['A'], ['A']])
  })

  it('is fulfilled when the server never answers', async () => {
    const { analytics, errors } = await startClient(['hang', 200])
    const tracked = analytics.track('A')
    await advance(30_000)

    expect(await stateOf(tracked)).toHaveProperty('fulfilled')
    await advance(1_000)
    expect(outbox()).toEqual([])
    expect(errors).toEqual([])
  })

  it('tells of an event that the server refuses', async () => {
    const { server, analytics, errors } = await startClient([400])
    const heard = vi.fn()
    analytics.on('track', heard)
    const ctx = await analytics.track('A')

    expect(ctx.failedDelivery()).toMatchObject({ reason: { message: expect.stringContaining('400') } })
    expect(errors).toEqual([[{ code: 'delivery_failure', reason: ctx.failedDelivery()?.reason, ctx }]])
    expect(heard).toHaveBeenCalledOnce()
    await advance(60_000)
    expect(server.requests).toHaveLength(1)
  })

  it('waits for its own answer after another event was refused', async () => {
    const { server, analytics } = await startClient([400, 'hang'])
    await analytics.track('Refused')
    const tracked = analytics.track('A')

    expect(await stateOf(tracked)).toBe('pending')
    server.answer(200)
    expect(await stateOf(tracked)).toHaveProperty('fulfilled')
  })

  it('waits for its own answer when another event is refused meanwhile', async () => {
    const { server, analytics } = await startClient(['hang'])
    const [a, b] = [analytics.track('A'), analytics.track('B')]
    await settled()
    server.answer(400)
    await a
    expect(await stateOf(b)).toBe('pending')
    server.answer(400)

    expect((await b).failedDelivery()).toBeDefined()
  })

  it('is fulfilled after the callback, which gets what became of the event', async () => {
    const { analytics } = await startClient([400])
    const called = vi.fn()
    const tracked = analytics.track('A', {}, {}, called)
    await advance(299)
    expect(called).not.toHaveBeenCalled()
    expect(await stateOf(tracked)).toBe('pending')
    await advance(1)
    const ctx = await tracked

    expect(called.mock.calls).toEqual([[ctx]])
    expect(ctx.failedDelivery()).toBeDefined()
  })
})

describe('an event that cannot be delivered', () => {
  const twice = {
    httpConfig: { backoffConfig: { maxRetryCount: 2, baseBackoffInterval: 0.5, jitterPercent: 0 } },
  }

  it.each([
    ['alone', {}],
    ['in batches', batching({ size: 1 })],
  ])('is given up after its retries, and told of once: %s', async (_, options) => {
    const { server, analytics, errors } = await startClient([500], options, twice)
    const tracked = analytics.track('A')
    await advance(60_000)

    expect(server.requests).toHaveLength(3)
    expect(errors).toHaveLength(1)
    expect(errors[0]?.[0]).toMatchObject({
      code: 'delivery_failure',
      reason: { message: expect.stringContaining('500') },
      ctx: { event: { event: 'A' } },
    })
    expect((await tracked).failedDelivery()?.reason).toBe(errors[0]?.[0].reason)
    expect(outbox()).toEqual([])
  })

  it('tells the server how often it was tried', async () => {
    const { server, analytics } = await startClient([500, 500, 200])
    analytics.track('A')
    await advance(60_000)

    expect(server.requests.map(({ init }) => init.headers['X-Retry-Count'])).toEqual([undefined, '1', '2'])
    expect(server.events.map(({ _metadata }) => _metadata.retryCount)).toEqual([undefined, 2, 3])
  })

  it('waits longer each time, as the settings say', async () => {
    const { server, analytics } = await startClient([500], {}, twice)
    const times: number[] = []
    analytics.track('A')
    for (let at = 0; at <= 2_000; at += 250) {
      await advance(at === 0 ? 0 : 250)
      while (times.length < server.requests.length) times.push(at)
    }

    expect(times).toEqual([0, 500, 1_500])
  })

  it.each([
    ['the page', { retryQueue: false }, { retryQueue: true }, 500],
    ['the source', {}, { retryQueue: false }, 'reset'],
    ['the page', { retryQueue: false }, {}, { status: 429, headers: { 'Retry-After': '1' } }],
  ] as const)(
    'is tried once without `retryQueue`, if %s says so: %j %j %j',
    async (_, options, ofSource, reply) => {
      const { server, analytics, errors } = await startClient([reply], options, ofSource)
      analytics.track('A')
      await advance(60_000)

      expect(server.requests).toHaveLength(1)
      expect(errors).toMatchObject([[{ code: 'delivery_failure' }]])
      expect(outbox()).toEqual([])
      expect(analytics.options.retryQueue).toBe(false)
    },
  )

  it('is not tried at all without `retryQueue` when the page is offline', async () => {
    const { server, analytics } = await startClient([200], { retryQueue: false })
    setOnline(false)
    const heard = vi.fn()
    analytics.on('track', heard)
    const ctx = await analytics.track('A')
    setOnline(true)
    await advance(60_000)

    expect(ctx.failedDelivery()).toBeDefined()
    expect(server.requests).toEqual([])
    expect(heard).toHaveBeenCalledOnce()
    expect(outbox()).toEqual([])
  })

  it('is a failure for listeners of the queue when the server refuses it, and no success', async () => {
    const { analytics } = await startClient([400])
    const heard: string[] = []
    analytics.queue
      .on('delivery_failure', () => heard.push('failure'))
      .on('delivery_success', () => heard.push('success'))
    await analytics.track('A')
    await advance(60_000)

    expect(heard).toEqual(['failure'])
  })

  it('hurts no other', async () => {
    const { server, analytics, errors } = await startClient([400, 200])
    analytics.track('A')
    await analytics.track('B')

    expect(server.names).toEqual(['A', 'B'])
    expect(errors).toHaveLength(1)
  })
})

describe('httpConfig', () => {
  const retries = (maxRetryCount: number) => ({ backoffConfig: { maxRetryCount } })

  it('of the page holds where the source says nothing', async () => {
    const { server, analytics } = await startClient([500], {
      integrations: { 'Segment.io': { httpConfig: retries(1) } },
    })
    analytics.track('A')
    await advance(600_000)

    expect(server.requests).toHaveLength(2)
  })

  it('of the source goes before that of the page, field by field', async () => {
    const ofPage = { backoffConfig: { maxRetryCount: 5, default4xxBehavior: 'retry' } } as const
    const { server, analytics } = await startClient(
      [404],
      { integrations: { 'Segment.io': { httpConfig: ofPage } } },
      { httpConfig: retries(1) },
    )
    analytics.track('A')
    await advance(600_000)

    expect(server.requests).toHaveLength(2)
  })

  it('says what statuses mean', async () => {
    const { server, analytics, errors } = await startClient(
      [503, 200],
      {},
      {
        httpConfig: { backoffConfig: { statusCodeOverrides: { 503: 'drop' } } },
      },
    )
    analytics.track('A')
    await advance(60_000)

    expect(server.requests).toHaveLength(1)
    expect(errors).toHaveLength(1)
  })
})

describe('batching', () => {
  it('sends a batch when it is full', async () => {
    const { server, analytics } = await startClient([200], batching({ size: 3 }))
    for (const name of ['A', 'B', 'C', 'D']) analytics.track(name)
    await settled()

    expect(namesOfRequests(server)).toEqual([['A', 'B', 'C']])
    const { url, body } = server.requests[0] ?? {}
    expect(url).toBe('https://api.segment.io/v1/b')
    expect(body).toMatchObject({ writeKey: 'api-key', sentAt: '2026-01-01T00:00:00.000Z' })
    expect(server.events[0]).toMatchObject({
      writeKey: 'api-key',
      userId: null,
      _metadata: { bundled: ['Segment.io'] },
    })
    expect(server.events[0]).not.toHaveProperty('sentAt')
    expect(outbox()).toMatchObject([{ event: 'D' }])
  })

  it('sends one that is not full when its time is over', async () => {
    const { server, analytics } = await startClient([200], batching({ timeout: 2_000 }))
    analytics.track('A')
    await advance(1_000)
    analytics.track('B')
    await advance(999)
    expect(server.requests).toEqual([])
    await advance(1)

    expect(namesOfRequests(server)).toEqual([['A', 'B']])
  })

  it('holds ten events for five seconds, if it is not told otherwise', async () => {
    const { server, analytics } = await startClient([200], batching())
    for (let number = 0; number < 11; number++) analytics.track(`${number}`)
    await advance(4_999)
    expect(namesOfRequests(server).map(({ length }) => length)).toEqual([10])
    await advance(1)

    expect(namesOfRequests(server).map(({ length }) => length)).toEqual([10, 1])
  })

  it('does not make calls wait', async () => {
    const { server, analytics } = await startClient([200], batching())
    await analytics.track('A')

    expect(server.requests).toEqual([])
    expect(outbox()).toMatchObject([{ event: 'A', raw: false }])
  })

  it('gives every event of a batch that is given up its error', async () => {
    const { analytics, errors } = await startClient([400], batching({ size: 2 }))
    const tracked = [analytics.track('A'), analytics.track('B')]
    await advance(60_000)
    const contexts = await Promise.all(tracked)

    expect(errors.map(([error]) => [error.code, error.ctx])).toEqual(
      contexts.map((ctx) => ['delivery_failure', ctx]),
    )
    expect(contexts.map((ctx) => ctx.failedDelivery())).toEqual([
      { reason: expect.any(Error) },
      { reason: expect.any(Error) },
    ])
  })

  it('tries a batch again as often as it is told', async () => {
    const { server, analytics } = await startClient([500], batching({ size: 1, maxRetries: 1 }))
    analytics.track('A')
    await advance(600_000)

    expect(server.requests).toHaveLength(2)
    expect(server.requests[1]?.init.headers['X-Retry-Count']).toBe('1')
    expect(server.events[1]?._metadata.retryCount).toBe(1)
  })

  it('waits as long as the server says, whatever comes meanwhile', async () => {
    const busy = { status: 429, headers: { 'Retry-After': '30' } }
    const { server, analytics } = await startClient([busy, 200], batching({ size: 1, timeout: 100 }))
    analytics.track('A')
    await settled()
    analytics.track('B')
    await advance(29_900)
    expect(server.requests).toHaveLength(1)
    await advance(200)

    expect(server.names.sort()).toEqual(['A', 'A', 'B'])
  })
})

describe('flush', () => {
  it('sends a batch at once, and resolves when it is delivered', async () => {
    const { server, analytics } = await startClient(['hang'], batching())
    analytics.track('A')
    const flushed = analytics.flush()
    expect(await stateOf(flushed)).toBe('pending')
    expect(namesOfRequests(server)).toEqual([['A']])
    server.answer(200)

    expect(await stateOf(flushed)).toEqual({ fulfilled: undefined })
  })

  it('resolves when all that was called before is delivered', async () => {
    const { server, analytics } = await startClient(['hang'])
    analytics.track('A')
    analytics.track('B')
    const flushed = analytics.flush()
    await settled()
    server.answer(200)
    expect(await stateOf(flushed)).toBe('pending')
    server.answer(200)

    expect(await stateOf(flushed)).toEqual({ fulfilled: undefined })
  })

  it.each([
    ['fails', 500],
    ['refuses', 400],
    ['does not answer', 'reset'],
  ] as const)('resolves when the server %s', async (_, reply) => {
    const { analytics } = await startClient([reply], batching())
    analytics.track('A')

    expect(await stateOf(analytics.flush())).toEqual({ fulfilled: undefined })
  })

  it('waits for calls that were made before the client was there', async () => {
    const server = startServer()
    server.settings = 'hang'
    const analytics = load(batching())
    analytics.track('A')
    const flushed = analytics.flush()
    await settled()
    server.answerSettings()
    await flushed

    expect(namesOfRequests(server)).toEqual([['A']])
    expect(outbox()).toEqual([])
  })

  it('waits for events that plugins have', async () => {
    const { server, analytics } = await startClient([200], batching())
    let goOn = (): void => {}
    await analytics.register(
      plugin({ track: (ctx) => new Promise((resolve) => (goOn = () => resolve(ctx))) }),
    )
    analytics.track('A')
    const flushed = analytics.flush()
    expect(await stateOf(flushed)).toBe('pending')
    goOn()
    await flushed

    expect(namesOfRequests(server)).toEqual([['A']])
  })

  it('waits for events that wait for a plugin to load', async () => {
    const { server, analytics } = await startClient([200], batching())
    let loaded = (): void => {}
    void analytics.register(
      plugin({
        load: () => new Promise<void>((resolve) => (loaded = resolve)),
      }),
    )
    analytics.track('A')
    const flushed = analytics.flush()
    expect(await stateOf(flushed)).toBe('pending')
    loaded()

    expect(await stateOf(flushed)).toEqual({ fulfilled: undefined })
    expect(namesOfRequests(server)).toEqual([['A']])
  })

  it('resolves at once when nothing waits', async () => {
    const { analytics } = await startClient([200])

    expect(await stateOf(analytics.flush())).toEqual({ fulfilled: undefined })
  })
})

describe('when the page is left', () => {
  it('what waits goes at once, in a request that outlives the page', async () => {
    const { server, analytics } = await startClient([200], batching())
    analytics.track('A')
    window.dispatchEvent(new Event('pagehide'))

    expect(namesOfRequests(server)).toEqual([['A']])
    expect(server.requests[0]?.init).toMatchObject({
      keepalive: true,
      headers: { 'Content-Type': 'text/plain' },
    })
    expect(server.requests[0]?.init.headers).not.toHaveProperty('Authorization')
    await advance(60_000)
    expect(server.requests).toHaveLength(1)
  })

  it('an event that is called within that moment goes as well', async () => {
    const { server, analytics } = await startClient([200])
    window.addEventListener('pagehide', () => void analytics.track('Left'), { capture: true, once: true })
    window.dispatchEvent(new Event('pagehide'))

    expect(server.names).toEqual(['Left'])
  })
})

describe('answers of a `fetch` that is not the browser’s own', () => {
  const failures: [string, unknown][] = [
    ['without headers', { ok: false, status: 500 }],
    ['with null for headers', { ok: false, status: 500, headers: null }],
    ['with headers as an object', { ok: false, status: 500, headers: { 'Content-Type': 'text/plain' } }],
    ['with headers that are a text', { ok: false, status: 500, headers: 'none' }],
    [
      'whose headers throw',
      {
        status: 500,
        headers: {
          get() {
            throw new Error('mine')
          },
        },
      },
    ],
    [
      'that cannot be read',
      {
        get status() {
          throw new Error('mine')
        },
      },
    ],
    ['that are nothing', undefined],
    ['that are null', null],
    ['that say no more than that it was bad', { ok: false }],
    ['that are a text', 'no'],
  ]

  it.each(failures)('are tried again and harm no other event: %s', async (_, answer) => {
    const { server, analytics, errors } = await startClient([200])
    const own = fetch
    let isFirst = true
    vi.stubGlobal('fetch', (url: string, init: RequestInit) => {
      if (!isFirst) return own(url, init)
      isFirst = false
      return Promise.resolve(answer)
    })
    const tracked = analytics.track('first')
    await settled()
    void analytics.track('second')
    await advance(10_000)

    expect(await stateOf(tracked)).toHaveProperty('fulfilled')
    expect(server.names.sort()).toEqual(['first', 'second'])
    expect(outbox()).toEqual([])
    expect(errors).toEqual([])
  })

  it.each<[string, unknown]>([
    ['ok alone', { ok: true }],
    ['ok and json', { ok: true, json: async () => ({}) }],
    ['a status alone', { status: 200 }],
    ['the status as a text', { status: '200' }],
  ])('are good with %s', async (_, answer) => {
    const { analytics } = await startClient([200])
    const asked = vi.fn(async () => answer)
    vi.stubGlobal('fetch', asked)
    const tracked = analytics.track('A')

    expect(await stateOf(tracked)).toHaveProperty('fulfilled')
    await advance(60_000)
    expect(asked).toHaveBeenCalledOnce()
    expect(outbox()).toEqual([])
  })

  it('may say in an object how long to wait', async () => {
    const { server, analytics } = await startClient([200])
    const own = fetch
    const answers = [{ status: 429, headers: { 'Retry-After': '20' } }]
    vi.stubGlobal('fetch', async (url: string, init: RequestInit) => answers.shift() ?? own(url, init))
    void analytics.track('A')
    await advance(19_000)
    expect(server.names).toEqual([])
    await advance(1_000)

    expect(server.names).toEqual(['A'])
  })
})

describe('a browser that takes itself to be offline for good', () => {
  it.each([
    ['fetched', async () => {}],
    ['kept from the last visit', async () => void (await load())],
  ])('sends events all the same, where settings are %s', async (_, visit) => {
    const server = startServer()
    await visit()
    await settled()
    setOnline(false)
    const analytics = load()
    analytics.track('A')
    await analytics
    analytics.track('B')
    await settled()

    expect(server.names).toEqual(['A', 'B'])
  })

  it('is believed when the settings came and the event did not: they may be from a cache', async () => {
    const server = startServer()
    server.script('reset', 200)
    setOnline(false)
    load().track('A')
    await advance(600_000)
    expect(server.requests).toHaveLength(1)
    setOnline(true)
    await settled()

    expect(namesOfRequests(server)).toEqual([['A'], ['A']])
    expect(outbox()).toEqual([])
  })
})
