import { runInNewContext } from 'node:vm'
import { settled } from '@sluice/testing'
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest'
import {
  type Analytics,
  type Callback,
  Context,
  QueueFullError,
  type TrackParams,
  ValidationError,
} from '../src'
import { startClient } from './support/start-client'

const unhandled: unknown[] = []
const recordUnhandled = (reason: unknown) => unhandled.push(reason)
process.on('unhandledRejection', recordUnhandled)
afterAll(() => void process.off('unhandledRejection', recordUnhandled))
afterEach(() => {
  vi.useRealTimers()
  expect(unhandled).toEqual([])
})

describe('an event that cannot be accepted', () => {
  type Case = [string, string, (analytics: Analytics, callback?: Callback) => void]
  const noUser = '.userId/anonymousId/previousId/groupId is nil'

  /** What Segment's library refuses with an exception, too. */
  const thrown: Case[] = [
    ['nobody did', noUser, (a) => a.track({ event: 'a' } as TrackParams)],
    [
      'has a number for a user id',
      '.userId/anonymousId/previousId/groupId is not a string',
      (a) => a.track({ userId: 7 as never, event: 'a' }),
    ],
    ['has no name', '.event is not a string', (a) => a.track({ userId: 'u' } as TrackParams)],
    [
      'has a list of properties',
      '.properties is not an object',
      (a) => a.track({ userId: 'u', event: 'a', properties: [] }),
    ],
    [
      'has traits that are a date',
      '.traits is not an object',
      (a) => a.identify({ userId: 'u', traits: new Date() as never }),
    ],
    [
      'has a message id that is no text',
      '.messageId is not a string',
      (a) => a.track({ userId: 'u', event: 'a', messageId: 5 as never }),
    ],
    ['is nothing at all', 'params of track is not an object', (a) => a.track(undefined as never)],
  ]

  /** What it sends, for the Tracking API to throw away. */
  const discarded: Case[] = [
    ['has an empty user id', noUser, (a, c) => a.track({ userId: '', event: 'a' }, c)],
    [
      'has a number for an anonymous id',
      '.anonymousId is not a string',
      (a, c) => a.track({ userId: 'u', anonymousId: 7 as never, event: 'a' }, c),
    ],
    ['has an empty name', '.event is empty', (a, c) => a.track({ userId: 'u', event: '' }, c)],
    [
      'has text for properties of a page',
      '.properties is not an object',
      (a, c) => a.page({ userId: 'u', category: 'c', properties: 'x' as never }, c),
    ],
    ['is an alias from nobody', '.previousId is nil', (a, c) => a.alias({ userId: 'u' } as never, c)],
    ['is an alias to nobody', '.userId is nil', (a, c) => a.alias({ previousId: 'p' } as never, c)],
    ['joins no group', '.groupId is nil', (a, c) => a.group({ userId: 'u' } as never, c)],
    [
      'joins a group with a number',
      '.groupId is not a string',
      (a, c) => a.group({ userId: 'u', groupId: 7 as never }, c),
    ],
    ['joins a group as nobody', noUser, (a, c) => a.group({ groupId: 'g' } as never, c)],
    [
      'has a message id of more than 100 characters',
      '.messageId is longer than 100 characters',
      (a, c) => a.track({ userId: 'u', event: 'a', messageId: 'm'.repeat(101) }, c),
    ],
    [
      'happened on no date',
      '.timestamp is not a date in ISO 8601',
      (a, c) => a.track({ userId: 'u', event: 'a', timestamp: new Date('never') }, c),
    ],
    ...['some day', 'banana 1', 'Order 66', '12', '2026-02-30', '2026-13-01', '2026-01-01 10:00'].map(
      (timestamp): Case => [
        `happened on ${timestamp}`,
        '.timestamp is not a date in ISO 8601',
        (a, c) => a.track({ userId: 'u', event: 'a', timestamp }, c),
      ],
    ),
  ]

  class Instant {
    readonly [Symbol.toStringTag] = 'Temporal.Instant'
    constructor(readonly text: string) {}
    toJSON() {
      return this.text
    }
  }
  const foreignDate: unknown = runInNewContext('new Date(Date.UTC(2026, 0, 1, 0, 0, 0, 5))')

  it.each<[string, unknown, string]>([
    ['a date of another realm', foreignDate, '2026-01-01T00:00:00.005Z'],
    ['what knows its JSON', { toJSON: () => '2026-01-01' }, '2026-01-01'],
    ['a Temporal.Instant', new Instant('2026-01-01T00:00:00Z'), '2026-01-01T00:00:00Z'],
    ['with a zone', new Instant('2026-01-01T01:00:00+01:00[Europe/Berlin]'), '2026-01-01T01:00:00+01:00'],
    ['text with minutes only', '2026-01-01T10:00Z', '2026-01-01T10:00Z'],
    ['text without a zone', '2026-02-28T10:00:00.123456', '2026-02-28T10:00:00.123456'],
  ])('takes as a timestamp: %s', async (_, timestamp, text) => {
    const { analytics, sent } = startClient()
    analytics.track({ userId: 'u', event: 'a', timestamp: timestamp as string })
    await analytics.flush()

    expect(JSON.parse(sent[0]?.body ?? '{}').batch).toMatchObject([{ timestamp: text }])
  })

  it.each<[string, object]>([
    ['a library that is text', { context: { library: 'my-lib' } }],
    ['a context that is text', { context: 'text' }],
    ['integrations that are text', { integrations: 'text' }],
  ])('spreads nothing that is no object: %s', async (_, fields) => {
    const { analytics, sent } = startClient()
    analytics.track({ userId: 'u', event: 'a', ...fields })
    await analytics.flush()

    const [event] = JSON.parse(sent[0]?.body ?? '{}').batch
    expect(event.context).toEqual({ library: { name: '@sluice/node', version: expect.any(String) } })
    expect(event.integrations).toEqual({})
  })

  it.each(thrown)('because it %s is refused at once by name: %s', async (_, message, call) => {
    const { analytics, names } = startClient()
    await analytics.ready

    expect(() => call(analytics)).toThrow(message)
    expect(() => call(analytics)).toThrow(ValidationError)
    expect(names()).toEqual(['register'])
    expect(analytics.counts().accepted).toBe(0)
  })

  it.each(discarded)('because it %s is reported and not sent: %s', async (_, message, call) => {
    const { analytics, arguments: heard, sent } = startClient()
    const callback = vi.fn()
    call(analytics, callback)
    expect(callback).not.toHaveBeenCalled()
    await analytics.flush()

    const reason = expect.objectContaining({ name: 'ValidationError', message })
    expect(heard('error')).toEqual([{ code: 'validation_failure', reason, ctx: expect.any(Context) }])
    expect(callback).toHaveBeenCalledExactlyOnceWith(reason, expect.any(Context))
    expect(heard('dispatch_start')).toEqual([])
    expect(analytics.counts()).toMatchObject({ accepted: 1, failed: 1, delivered: 0, pending: 0 })
    expect(sent).toEqual([])
  })

  it.each(discarded)('because it %s throws with the defaults of 2026-12: %s', (_, message, call) => {
    const { analytics } = startClient({ defaults: '2026-12' })

    expect(() => call(analytics)).toThrow(message)
    expect(analytics.counts().accepted).toBe(0)
  })

  const revoked = () => {
    const { proxy, revoke } = Proxy.revocable({}, {})
    revoke()
    return proxy
  }
  const throwing = () => {
    throw new Error('mine')
  }

  const call = { userId: 'u', event: 'a' }
  const readable = { get: throwing, enumerable: true }

  it.each<[string, object]>([
    ['a getter of the call', Object.defineProperty({ userId: 'u' }, 'event', readable)],
    ['a getter of integrations', { ...call, integrations: Object.defineProperty({}, 'A', readable) }],
    ['revoked properties', { ...call, properties: revoked() }],
    ['a tag that throws', { ...call, properties: Object.defineProperty({}, Symbol.toStringTag, readable) }],
    ['revoked parameters', revoked()],
  ])('because it cannot be read is reported and not sent: %s', async (_, fields) => {
    for (const defaults of ['segment', '2026-12'] as const) {
      const { analytics, arguments: heard, sent, track } = startClient({ defaults })
      analytics.track(fields as TrackParams)
      track('healthy')
      await analytics.flush()

      expect(heard('error')).toMatchObject([
        { code: 'validation_failure', reason: { message: 'params of track cannot be read' } },
      ])
      expect(sent).toHaveLength(1)
    }
  })

  it.each([...thrown, ...discarded])(
    'because it %s throws from neither a closed nor a disabled client',
    async (_, message, call) => {
      for (const settings of [{ disable: true }, {}]) {
        const { analytics, arguments: heard } = startClient(settings)
        if (!settings.disable) await analytics.closeAndFlush()
        call(analytics)

        expect(heard('error')).toMatchObject([{ code: 'validation_failure', reason: { message } }])
      }
    },
  )
})

describe('what the caller hands in', () => {
  it('is taken as it was at the call, at every depth', async () => {
    const { analytics, sent } = startClient({ flushAt: 10 })
    const cart = { items: [{ price: 1 }] }
    const context = { page: { title: 'Old' } }
    const when = new Date(0)
    let release = () => {}
    const gate = new Promise<void>((resolve) => {
      release = resolve
    })
    await analytics.register({
      name: 'slow',
      type: 'before',
      isLoaded: () => true,
      load: async () => {},
      track: async (ctx) => {
        await gate
        return ctx
      },
    })
    analytics.track({ userId: 'u', event: 'a', properties: cart, context, timestamp: when })
    cart.items.push({ price: 2 })
    context.page.title = 'New'
    when.setTime(5)
    release()
    await analytics.flush()

    expect(JSON.parse(sent[0]?.body ?? '').batch).toMatchObject([
      {
        timestamp: '1970-01-01T00:00:00.000Z',
        properties: { items: [{ price: 1 }] },
        context: { page: { title: 'Old' } },
      },
    ])
  })

  it('is never changed, even if it is frozen', async () => {
    const { analytics, sent } = startClient()
    const params = Object.freeze({
      userId: 'u',
      event: 'a',
      properties: Object.freeze({ a: 1 }),
      context: Object.freeze({ ip: '0.0.0.0' }),
      integrations: Object.freeze({ All: true }),
    })
    analytics.track(params)
    await analytics.flush()

    expect(params.context).toEqual({ ip: '0.0.0.0' })
    expect(JSON.parse(sent[0]?.body ?? '').batch[0].context).toMatchObject({
      ip: '0.0.0.0',
      library: { name: '@sluice/node' },
    })
  })
})

describe('an event that cannot be turned into JSON', () => {
  const cyclic: Record<string, unknown> = {}
  cyclic.self = cyclic
  it.each([
    ['a BigInt', { amount: 1n }],
    ['a cycle', cyclic],
    [
      'a getter that throws',
      {
        get secret() {
          throw new Error('mine')
        },
      },
    ],
    [
      'a toJSON that throws',
      {
        inner: {
          toJSON() {
            throw new Error('mine')
          },
        },
      },
    ],
  ])('because of %s fails, is told of once, and harms no other', async (_, properties) => {
    const { analytics, batches, arguments: heard } = startClient({ flushAt: 3 })
    const callback = vi.fn()
    analytics.track({ userId: 'u', event: 'good' })
    analytics.track({ userId: 'u', event: 'bad', properties }, callback)
    analytics.track({ userId: 'u', event: 'good too' })
    await analytics.flush()

    expect(batches()).toEqual([['good', 'good too']])
    expect(heard('error')).toMatchObject([
      {
        code: 'delivery_failure',
        reason: { message: expect.stringContaining('cannot be turned into JSON') },
      },
    ])
    expect(callback).toHaveBeenCalledTimes(1)
    expect(callback.mock.calls[0]?.[0]).toBeInstanceOf(Error)
    expect(heard('track')).toHaveLength(2)
  })
})

describe('an event that is too large', () => {
  it('fails by itself: its neighbours are delivered', async () => {
    const { analytics, batches, arguments: heard } = startClient({ flushAt: 2 })
    analytics.track({ userId: 'u', event: 'large', properties: { text: 'é'.repeat(17_000) } })
    analytics.track({ userId: 'u', event: 'a' })
    analytics.track({ userId: 'u', event: 'b' })
    await analytics.flush()

    expect(batches()).toEqual([['a', 'b']])
    expect(heard('error')).toMatchObject([
      { reason: { message: 'Event exceeds maximum event size of 32 KB' } },
    ])
  })
})

describe('a batch that fails', () => {
  it.each<[string, Parameters<typeof startClient>[0], string]>([
    ['is refused', { replies: [404] }, '[404] Status 404'],
    ['is not answered any more', { replies: [500], maxRetries: 0 }, '[500] Status 500'],
    ['goes beyond a rate limit', { replies: [429], maxRetries: 0 }, '[429] Status 429'],
  ])(
    'because it %s leaves the reason alone with each event, in a note of its own',
    async (_, settings, message) => {
      const contexts: Context[] = []
      const { analytics } = startClient({ ...settings, flushAt: 2 })
      for (const event of ['a', 'b']) {
        analytics.track({ userId: 'u', event }, (_, ctx) => {
          if (ctx) contexts.push(ctx)
        })
      }
      await analytics.flush()

      const [first, second] = contexts.map((ctx) => ctx.failedDelivery())
      expect(first).toEqual({ reason: new Error(message) })
      expect(second).toEqual(first)
      expect(second).not.toBe(first)
      expect(second?.reason).toBe(first?.reason)
    },
  )
})

describe('a listener that throws', () => {
  it.each([
    'dispatch_start',
    'http_request',
    'http_response',
    'flush',
    'track',
    'drained',
    'register',
  ] as const)('on %s is told of as unknown, and the event is delivered once all the same', async (name) => {
    const { analytics, track, sent, arguments: heard } = startClient()
    const oops = new Error('mine')
    analytics.on(name, () => {
      throw oops
    })
    track('a')
    await analytics.flush()

    expect(heard('error')).toEqual([{ code: 'unknown', reason: oops }])
    expect(sent).toHaveLength(1)
    expect(heard('track')).toHaveLength(1)
  })

  it('on error is nobody else’s business', async () => {
    const { analytics, track, arguments: heard } = startClient({ replies: [400] })
    analytics.on('error', () => {
      throw new Error('mine')
    })
    track('a')
    await analytics.flush()

    expect(heard('error')).toHaveLength(1)
    expect(heard('drained')).toHaveLength(1)
  })
})

describe('what the console cannot show', () => {
  // Sockets, mocks and objects of other libraries have a view of their own.
  const unshowable = () =>
    Object.assign(new Error('mine'), {
      [Symbol.for('nodejs.util.inspect.custom')]() {
        throw new Error('cannot be shown')
      },
    })

  it.each<[string, () => unknown]>([
    [
      'thrown',
      () => {
        throw unshowable()
      },
    ],
    ['rejected with', () => Promise.reject(unshowable())],
  ])('costs no event its end when a listener of error has %s it', async (_, listener) => {
    const lines = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
    const { Console } = await import('node:console')
    vi.stubGlobal('console', new Console(process.stderr))
    const { analytics, track, arguments: heard } = startClient({ replies: [400] })
    analytics.on('error', listener)
    track('a')
    await analytics.flush()
    await settled()
    vi.unstubAllGlobals()

    expect(heard('error')).toHaveLength(1)
    expect(analytics.counts()).toMatchObject({ failed: 1, pending: 0 })
    expect(lines.mock.calls).toEqual([["A listener of 'error' threw\n", expect.any(Function)]])
    lines.mockRestore()
  })

  it('costs no event its end when the console itself throws', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {
      throw new Error('no console')
    })
    const { analytics, track } = startClient({ replies: ['hang'] })
    analytics.on('http_request', () => analytics.emit('error', { code: 'unknown' }))
    analytics.on('error', () => {
      throw new Error('mine')
    })
    track('a')
    await analytics.flush({ timeout: 1 })
    await Promise.all([analytics.flush({ timeout: 1 }), analytics.closeAndFlush({ timeout: 1 })])
    warn.mockRestore()

    expect(analytics.counts()).toMatchObject({ failed: 1, pending: 0 })
  })
})

describe('parameters of any make', () => {
  class Order {
    readonly #event = 'a'
    get event() {
      return this.#event
    }
    get userId() {
      return 'u'
    }
  }
  const fields = { userId: 'u', event: 'a' }

  it.each<[string, unknown]>([
    ['an object with a name of its own', { ...fields, [Symbol.toStringTag]: 'Order' }],
    ['an instance of a class with getters', new Order()],
    ['a function with fields', Object.assign(() => {}, fields)],
    ['a list with fields', Object.assign([], fields)],
    ['a module', { __proto__: null, ...fields, [Symbol.toStringTag]: 'Module' }],
  ])('are read like others: %s', async (_, params) => {
    const { analytics, sent } = startClient({ flushAt: 2 })
    analytics.track(params as TrackParams)
    analytics.withContext({ context: { ip: '1.2.3.4' } }, () => analytics.track(params as TrackParams))
    await analytics.flush()

    expect(JSON.parse(sent[0]?.body ?? '{}').batch).toMatchObject([
      fields,
      { ...fields, context: { ip: '1.2.3.4' } },
    ])
  })
})

describe('a callback', () => {
  it('hears of a delivery as soon as it is known, without waiting for a timer', async () => {
    const { analytics } = startClient()
    vi.useFakeTimers({ toFake: ['setTimeout', 'setInterval'] })
    const [error, ctx] = await new Promise<unknown[]>((resolve) =>
      analytics.track({ userId: 'u', event: 'a' }, (...args) => resolve(args)),
    )

    expect(error).toBeUndefined()
    expect(ctx).toBeInstanceOf(Context)
    expect((ctx as Context).event).toMatchObject({ event: 'a', timestamp: expect.any(Date) })
  })

  it('is never called within the call it was given to', async () => {
    for (const settings of [{}, { disable: true }]) {
      const { analytics } = startClient(settings)
      const order: string[] = []
      const called = new Promise((resolve) =>
        analytics.track({ userId: 'u', event: 'a', properties: { amount: 1n } }, () =>
          resolve(order.push('callback')),
        ),
      )
      order.push('after the call')
      await called

      expect(order).toEqual(['after the call', 'callback'])
    }
  })

  it.each([
    [
      'throws',
      () => {
        throw new Error('mine')
      },
    ],
    ['rejects', () => Promise.reject(new Error('mine'))],
  ])('that %s is noted on the context and harms nothing', async (_, callback) => {
    const { analytics, arguments: heard } = startClient()
    analytics.track({ userId: 'u', event: 'a' }, callback)
    await analytics.flush()

    expect(heard('error')).toEqual([])
    expect((heard('track')[0] as Context).logs()).toContainEqual(
      expect.objectContaining({ level: 'warn', message: 'Callback Error' }),
    )
  })
})

describe('a full queue', () => {
  it('refuses what does not fit, tells of each, and delivers all the rest', async () => {
    const {
      analytics,
      track,
      answer,
      arguments: heard,
    } = startClient({
      replies: ['hang', 200],
      maxQueueSize: 3,
      maxConcurrentRequests: 1,
    })
    for (const event of ['a', 'b', 'c', 'd', 'e']) track(event)
    await settled()
    expect(heard('error')).toMatchObject([
      { code: 'delivery_failure', reason: expect.any(QueueFullError), ctx: { event: { event: 'd' } } },
      { code: 'delivery_failure', reason: expect.any(QueueFullError), ctx: { event: { event: 'e' } } },
    ])
    answer(200)
    await analytics.flush()

    expect(analytics.counts()).toEqual({
      accepted: 5,
      delivered: 3,
      failed: 2,
      dropped: 0,
      pending: 0,
      pendingBytes: 0,
    })
  })

  it('bounds what a plugin holds back, too', async () => {
    const { analytics, track, arguments: heard } = startClient({ maxQueueSize: 2 })
    let open = () => {}
    const registered = analytics.register({
      name: 'late',
      type: 'before',
      isLoaded: () => false,
      load: () =>
        new Promise<void>((resolve) => {
          open = resolve
        }),
    })
    for (const event of ['a', 'b', 'c', 'd']) track(event)
    await settled()
    expect(heard('error')).toHaveLength(2)
    open()
    await registered
    await analytics.flush()

    expect(heard('track')).toHaveLength(2)
  })
})

describe('a disabled client', () => {
  it('ends every call well, runs no plugin and sends nothing', async () => {
    const { analytics, track, sent, arguments: heard } = startClient({ disable: true, flushAt: 100 })
    const load = vi.fn(async () => {})
    const seen = vi.fn((ctx: Context) => ctx)
    await analytics.register({ name: 'p', type: 'before', isLoaded: () => true, load, track: seen })
    const callback = vi.fn()
    analytics.track({ userId: 'u', event: 'a' }, callback)
    track('b')
    await analytics.flush()

    expect(sent).toEqual([])
    expect(seen).not.toHaveBeenCalled()
    expect(heard('track')).toHaveLength(2)
    expect(callback).toHaveBeenCalledWith(undefined, expect.any(Context))
  })
})

describe('a scope', () => {
  it('that leaves a field undefined has that of the one around it', async () => {
    const { analytics, sent } = startClient()
    analytics.withContext({ userId: 'outer', context: { ip: '1.2.3.4', locale: 'de' } }, () =>
      analytics.withContext({ userId: undefined, context: { ip: undefined } }, () =>
        analytics.scoped.track({ event: 'a', userId: undefined, context: { locale: undefined } }),
      ),
    )
    await analytics.flush()

    const [event] = JSON.parse(sent[0]?.body ?? '{}').batch
    expect(event).toMatchObject({ userId: 'outer', context: { ip: '1.2.3.4', locale: 'de' } })
  })

  it('may be an instance of a class with getters', async () => {
    class Request {
      get userId() {
        return 'u'
      }
      get context() {
        return { ip: '1.2.3.4' }
      }
    }
    const { analytics, sent } = startClient()
    analytics.withContext(new Request(), () => analytics.scoped.track({ event: 'a' }))
    await analytics.flush()

    const [event] = JSON.parse(sent[0]?.body ?? '{}').batch
    expect(event).toMatchObject({ userId: 'u', context: { ip: '1.2.3.4' } })
  })

  it.each([undefined, null, 'u'])('that is %j is refused by name, before anything is called', (scope) => {
    const { analytics } = startClient()
    const run = vi.fn()

    expect(() => analytics.withContext(scope as unknown as object, run)).toThrow(
      new ValidationError('scope', 'is not an object'),
    )
    expect(run).not.toHaveBeenCalled()
  })

  it('lends its ids and context to calls within it, however asynchronous', async () => {
    const { analytics, sent } = startClient({ flushAt: 3 })
    const scope = (userId: string) => ({ userId, context: { ip: '0.0.0.0', page: { title: userId } } })
    await Promise.all(
      ['a', 'b'].map((userId) =>
        analytics.withContext(scope(userId), async () => {
          await settled()
          analytics.scoped.track({ event: 'x', context: { page: { title: 'Own' } } })
        }),
      ),
    )
    analytics.track({ userId: 'outside', event: 'x' })
    await analytics.flush()
    const events = JSON.parse(sent[0]?.body ?? '').batch as { userId: string; context: object }[]

    expect(events.map(({ userId }) => userId)).toEqual(['a', 'b', 'outside'])
    expect(events.map(({ context }) => context)).toMatchObject([
      { ip: '0.0.0.0', page: { title: 'Own' } },
      { ip: '0.0.0.0', page: { title: 'Own' } },
      {},
    ])
    expect(events[2]?.context).not.toHaveProperty('ip')
  })

  it('gives way to what a call says itself, and to a scope within it', () => {
    const { analytics, arguments: heard } = startClient()
    const ids = () => heard('dispatch_start').map((ctx) => (ctx as Context).event)
    analytics.withContext({ userId: 'outer', anonymousId: 'visitor' }, () =>
      analytics.withContext({ userId: 'inner' }, () => {
        const { scoped } = analytics
        scoped.track({ event: 'x' })
        scoped.track({ event: 'x', userId: 'own' })
        scoped.alias({ userId: 'new', previousId: 'old' })
      }),
    )

    expect(ids()).toMatchObject([
      { userId: 'inner', anonymousId: 'visitor' },
      { userId: 'own', anonymousId: 'visitor' },
      { userId: 'new', previousId: 'old' },
    ])
    expect(ids()[2]).not.toHaveProperty('anonymousId')
  })

  it('does not make bad parameters any better', () => {
    const { analytics } = startClient()

    expect(() => analytics.withContext({ userId: 'u' }, () => analytics.track(null as never))).toThrow(
      'params of track is not an object',
    )
  })

  it('hands its function nothing, so that it may be the next one of a middleware', () => {
    const { analytics } = startClient()
    const next = vi.fn((..._given: unknown[]) => {})
    analytics.withContext({ userId: 'u' }, next)

    expect(next.mock.calls).toEqual([[]])
  })

  it('answers what its function answers, and lets through what it throws', async () => {
    const { analytics } = startClient()

    expect(analytics.withContext({ userId: 'u' }, () => 42)).toBe(42)
    expect(() =>
      analytics.withContext({}, () => {
        throw new Error('mine')
      }),
    ).toThrow('mine')
  })
})

describe('waitUntil', () => {
  it('gets one promise for the calls of a turn, which lasts until they are delivered', async () => {
    const work: Promise<unknown>[] = []
    const {
      analytics,
      track,
      batches,
      arguments: heard,
    } = startClient({
      flushAt: 100,
      waitUntil: (promise) => work.push(promise),
    })
    track('a')
    track('b')
    expect(work).toHaveLength(1)
    await work[0]
    expect(batches()).toEqual([['a', 'b']])
    expect(heard('track')).toHaveLength(2)

    track('c')
    expect(work).toHaveLength(2)
    await work[1]

    expect(batches()).toEqual([['a', 'b'], ['c']])
    expect(analytics.counts().pending).toBe(0)
  })

  it('may be that of the request, from its scope', async () => {
    const { analytics } = startClient({ flushAt: 100 })
    const work: Promise<unknown>[] = []
    analytics.withContext({ userId: 'u', waitUntil: (promise) => work.push(promise) }, () =>
      analytics.scoped.track({ event: 'a' }),
    )
    await Promise.all(work)

    expect(work).toHaveLength(1)
    expect(analytics.counts().delivered).toBe(1)
  })

  it('that throws harms nothing', async () => {
    const oops = new Error('too late')
    const {
      analytics,
      track,
      arguments: heard,
    } = startClient({
      waitUntil: () => {
        throw oops
      },
    })
    track('a')
    await analytics.flush()

    expect(heard('error')).toEqual([{ code: 'unknown', reason: oops }])
    expect(heard('track')).toHaveLength(1)
  })
})

describe('many clients', () => {
  it('leave nothing behind when they are closed', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'Date', 'performance'] })
    for (let index = 0; index < 20; index++) {
      const { analytics, track } = startClient({ flushAt: 10 })
      track('a')
      await analytics.closeAndFlush()
    }

    expect(vi.getTimerCount()).toBe(0)
  })
})
