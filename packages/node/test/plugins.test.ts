import { settled } from '@sluice/testing'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { Context, ContextCancelation, type Plugin, ValidationError } from '../src'
import { startClient } from './support/start-client'

const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
afterEach(() => {
  warn.mockClear()
  vi.useRealTimers()
})

const plugin = (type: Plugin['type'], track?: Plugin['track'], others: Partial<Plugin> = {}): Plugin => ({
  name: `a ${type} plugin`,
  type,
  isLoaded: () => true,
  load: async () => {},
  ...(track && { track }),
  ...others,
})

const payload = (body: string | undefined) =>
  (JSON.parse(body ?? '{}') as { batch: { event: string; properties: object }[] }).batch

describe('a plugin that drops an event', () => {
  const cancel = (ctx: Context) => ctx.cancel()
  it.each([
    ['before', 'by answering null', () => null],
    ['enrichment', 'by answering null', () => null],
    ['before', 'by cancelling', cancel],
    ['enrichment', 'by cancelling', cancel],
    ['enrichment', 'by a promise of null', async () => null],
  ] as const)('in %s, %s, is named, and nothing is sent', async (type, _, track) => {
    const { analytics, sent, names, arguments: heard } = startClient()
    await analytics.register(plugin(type, track))
    const callback = vi.fn()
    analytics.track({ userId: 'u', event: 'a' }, callback)
    await analytics.flush()

    expect(sent).toEqual([])
    expect(names()).not.toContain('error')
    expect(heard('dropped')).toEqual([
      {
        ctx: expect.any(Context),
        by: `a ${type} plugin`,
        reason: expect.any(ContextCancelation),
      },
    ])
    expect(callback).toHaveBeenCalledWith(expect.any(ContextCancelation), expect.anything())
    expect(analytics.counts()).toMatchObject({ accepted: 1, delivered: 0, failed: 0, dropped: 1, pending: 0 })
  })

  it('as a destination, stops the whole event only with a cancelation that says so', async () => {
    const stop = new ContextCancelation({ retry: false, type: 'middleware_cancellation' })
    const { analytics, sent, arguments: heard } = startClient()
    await analytics.register(plugin('destination', (ctx) => ctx.cancel(stop)))
    analytics.track({ userId: 'u', event: 'a' })
    await analytics.flush()

    expect(heard('dropped')).toMatchObject([{ by: 'a destination plugin', reason: stop }])
    // The Tracking API is a destination like every other: it had the event at the same time.
    expect(sent).toHaveLength(1)
  })
})

describe('a plugin that fails', () => {
  it('before everything else, stops the event', async () => {
    const { analytics, sent, arguments: heard } = startClient()
    await analytics.register(
      plugin('before', () => {
        throw new Error('broken')
      }),
    )
    analytics.track({ userId: 'u', event: 'a' })
    await analytics.flush()

    expect(sent).toEqual([])
    expect(heard('error')).toMatchObject([{ code: 'delivery_failure', reason: { message: 'broken' } }])
  })

  it('before everything else by answering nothing, is told by name', async () => {
    const { analytics, arguments: heard } = startClient()
    await analytics.register(plugin('before', (() => undefined) as unknown as Plugin['track']))
    analytics.track({ userId: 'u', event: 'a' })
    await analytics.flush()

    expect(heard('error')).toMatchObject([
      {
        reason: {
          message: 'plugin a before plugin answered undefined, neither a context nor null',
        },
      },
    ])
  })

  it.each([
    ['throws', (): Promise<never> => Promise.reject(new Error('broken'))],
    ['answers nonsense', (): number => 42],
  ] as const)('while enriching, in that it %s, is passed over', async (_, track) => {
    const { analytics, sent, names } = startClient()
    await analytics.register(plugin('enrichment', track as unknown as Plugin['track']))
    analytics.track({ userId: 'u', event: 'a' })
    await analytics.flush()

    expect(payload(sent[0]?.body)).toMatchObject([{ event: 'a' }])
    expect(names()).not.toContain('error')
  })

  it('as a destination, is told once and harms nobody', async () => {
    const { analytics, sent, arguments: heard } = startClient()
    await analytics.register(
      plugin('destination', () => {
        throw new Error('vendor down')
      }),
    )
    analytics.track({ userId: 'u', event: 'a' })
    await analytics.flush()

    expect(sent).toHaveLength(1)
    expect(heard('track')).toHaveLength(1)
    expect(heard('error')).toMatchObject([
      { code: 'destination_failure', reason: { message: 'vendor down' } },
    ])
  })

  it.each([
    [
      'throws at once',
      () => {
        throw new Error('no')
      },
    ],
    ['rejects', () => Promise.reject(new Error('no'))],
  ])('while loading, in that it %s, is left out', async (_, load) => {
    const { analytics, track, sent } = startClient()
    const seen = vi.fn((ctx: Context) => ctx)
    await analytics.register(
      plugin('destination', seen, { load }),
      plugin('enrichment', seen, { load, name: 'other' }),
    )
    track('a')
    await analytics.flush()

    expect(seen).not.toHaveBeenCalled()
    expect(sent).toHaveLength(1)
    expect(warn.mock.calls.map(([name]) => name).sort()).toEqual(['a destination plugin', 'other'])
  })
})

describe('a plugin that cannot be loaded', () => {
  it.each<[string, (ctx: Context) => unknown]>([
    ['broken the context', (ctx) => Object.assign(ctx, { log: undefined })],
    ['frozen the context', (ctx) => Object.freeze(ctx)],
  ])('is left out, and events go on, after it has %s', async (_, spoil) => {
    const warn = vi.spyOn(console, 'warn').mockReturnValue()
    const { analytics, track, sent } = startClient()
    const oops = new Error('mine')
    const load = async (ctx: Context) => {
      spoil(ctx)
      throw oops
    }
    await analytics.register(plugin('before', undefined, { load }))
    track('a')
    await analytics.flush()

    expect(sent).toHaveLength(1)
    expect(warn.mock.calls).toEqual([['a before plugin', oops]])
    warn.mockRestore()
  })
})

describe('a plugin that hangs', () => {
  it.each(['before', 'enrichment', 'destination', 'after'] as const)(
    'in %s has its time and no more; every event ends once',
    async (type) => {
      vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date', 'performance'] })
      const { analytics, track, names, arguments: heard } = startClient({ pluginTimeout: 2_000 })
      await analytics.register(plugin(type, () => new Promise(() => {})))
      track('a')
      const flushed = analytics.flush()
      await settled()
      await vi.advanceTimersByTimeAsync(2_000)
      await flushed

      expect(names().filter((name) => name === 'track' || name === 'error')).toEqual(
        { before: ['error'], enrichment: ['track'], destination: ['error', 'track'], after: ['track'] }[type],
      )
      if (type === 'before') {
        expect(heard('error')).toMatchObject([
          {
            reason: {
              name: 'TimeLimitError',
              message: 'track of plugin a before plugin did not finish within 2000 ms',
            },
          },
        ])
      }
      expect(vi.getTimerCount()).toBe(0)
    },
  )

  it('while loading is left out after its time, and the events it held back are sent', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date', 'performance'] })
    const { analytics, track, sent } = startClient({ pluginTimeout: 2_000 })
    const registered = analytics.register(
      plugin('enrichment', undefined, { load: () => new Promise(() => {}) }),
    )
    track('a')
    await vi.advanceTimersByTimeAsync(1_999)
    expect(sent).toEqual([])
    await vi.advanceTimersByTimeAsync(1)
    await registered
    await analytics.flush()

    expect(payload(sent[0]?.body)).toMatchObject([{ event: 'a' }])
  })
})

describe('plugins', () => {
  it('see the events in order, and events leave in order, however slow one of them is', async () => {
    const { analytics, track, batches } = startClient({ flushAt: 3 })
    let release = () => {}
    const gate = new Promise<void>((resolve) => {
      release = resolve
    })
    await analytics.register(
      plugin('enrichment', async (ctx) => {
        if (ctx.event.event === 'first') await gate
        return ctx
      }),
    )
    for (const event of ['first', 'second', 'third']) track(event)
    await settled()
    release()
    await analytics.flush()

    expect(batches()).toEqual([['first', 'second', 'third']])
  })

  it('may change what is sent, and destinations and followers see that', async () => {
    const { analytics, sent } = startClient()
    const seen: unknown[] = []
    const look = (ctx: Context) => {
      seen.push(ctx.event.properties)
      return ctx
    }
    await analytics.register(
      plugin('before', (ctx) => {
        ctx.updateEvent('properties.total', 9)
        return ctx
      }),
      plugin('destination', look),
      plugin('after', look),
    )
    analytics.track({ userId: 'u', event: 'a', properties: { items: 1 } })
    await analytics.flush()

    expect(payload(sent[0]?.body)[0]?.properties).toEqual({ items: 1, total: 9 })
    expect(seen).toEqual([
      { items: 1, total: 9 },
      { items: 1, total: 9 },
    ])
  })

  it('cannot take back what is on the wire: the text was made when the event left them', async () => {
    const { analytics, sent } = startClient({ flushAt: 2 })
    let held: Context | undefined
    await analytics.register(
      plugin('enrichment', (ctx) => {
        held ??= ctx
        return ctx
      }),
    )
    analytics.track({ userId: 'u', event: 'a', properties: { total: 1 } })
    held?.updateEvent('properties.total', 2)
    analytics.track({ userId: 'u', event: 'b' })
    await analytics.flush()

    expect(payload(sent[0]?.body)[0]?.properties).toEqual({ total: 1 })
  })

  it('are refused, all of them, when one is no plugin', async () => {
    const { analytics, names } = startClient()
    await analytics.ready
    const attempts = [
      undefined,
      'plugin',
      {},
      { name: 'x' },
      { name: 'x', type: 'enrich' },
      { type: 'before' },
    ]
    for (const bad of attempts) {
      await expect(analytics.register(plugin('before'), bad as Plugin)).rejects.toBeInstanceOf(
        ValidationError,
      )
    }

    expect(names()).toEqual(['register'])
  })

  it('are told of when they come and go', async () => {
    const { analytics, heard } = startClient()
    await analytics.register(
      plugin('before', undefined, { name: 'one' }),
      plugin('after', undefined, { name: 'two' }),
    )
    await analytics.deregister('one', 'unknown')

    expect(heard).toEqual([
      { event: 'register', argument: ['Segment.io'] },
      { event: 'register', argument: ['one', 'two'] },
      { event: 'deregister', argument: ['one', 'unknown'] },
    ])
  })

  it('that are deregistered see no further event; without Segment.io nothing is sent', async () => {
    const { analytics, track, sent, names } = startClient()
    await analytics.deregister('Segment.io')
    track('a')
    await analytics.flush()

    expect(sent).toEqual([])
    expect(names()).toContain('track')
  })
})
