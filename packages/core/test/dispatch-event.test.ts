import { settled } from '@sluice/testing'
import { describe, expect, it, vi } from 'vitest'
import type { PluginHook } from '../src'
import { ContextCancelation, createDeferred } from '../src'
import { keepsEvents, type Settled, settlingHook } from '../src/internal'
import type { TestContext } from './support/start-queue'
import {
  answering,
  createContext,
  createPlugin,
  hanging,
  linesOf,
  metricsOf,
  startQueue,
} from './support/start-queue'

type Hook = PluginHook<TestContext>

/** A hook that notes that it was asked. */
const noting =
  (asked: string[], name: string): Hook =>
  (ctx) => {
    asked.push(name)
    return ctx
  }

describe('destinations', () => {
  it('are all asked before the first one answers; the event ends with the last of them', async () => {
    const asked: string[] = []
    const answers = [createDeferred<TestContext>(), createDeferred<TestContext>()]
    const destinations = answers.map(({ promise }, index) =>
      createPlugin('destination', `d${index}`, (ctx) => {
        asked.push(`d${index}`)
        return promise.then(() => ctx)
      }),
    )
    const { queue, trace } = await startQueue(destinations)
    const ctx = createContext()
    void queue.dispatchSingle(ctx)
    expect(asked).toEqual(['d0', 'd1'])

    answers[1]?.resolve(ctx)
    await settled()
    expect(trace).toEqual([])
    answers[0]?.resolve(ctx)
    await settled()

    expect(trace).toEqual(['message_delivered', 'delivery_success'])
  })

  it.each<[string, Hook]>([
    [
      'throws',
      () => {
        throw new Error('mine')
      },
    ],
    ['rejects', () => Promise.reject(new Error('mine'))],
  ])('know nothing of one that %s; it is told, and the event is delivered', async (_, bad) => {
    const asked: string[] = []
    const { queue, trace } = await startQueue([
      createPlugin('destination', 'first', noting(asked, 'first')),
      createPlugin('destination', 'bad', bad),
      createPlugin('destination', 'last', noting(asked, 'last')),
      createPlugin('after', 'after', noting(asked, 'after')),
    ])
    const ctx = await queue.dispatchSingle(createContext())

    expect(asked).toEqual(['first', 'last', 'after'])
    expect(trace).toEqual(['destination_failure bad: mine', 'message_delivered', 'delivery_success'])
    expect(ctx.failedDelivery()).toBeUndefined()
    expect(linesOf(ctx)).toContain('error plugin Error')
    expect(metricsOf(ctx)).toContain('plugin_error plugin:bad')
  })

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['text', 'done'],
    ['another context', createContext({ event: 'Other' })],
    ['a promise of nothing', Promise.resolve()],
  ])('may answer %s: the event stays what it was', async (_, answer) => {
    const { queue, trace } = await startQueue([createPlugin('destination', 'd', answering(answer))])
    const ctx = createContext()

    expect(await queue.dispatchSingle(ctx)).toBe(ctx)
    expect(trace).toEqual(['message_delivered', 'delivery_success'])
    expect(metricsOf(ctx)).toContain('plugin_time plugin:d')
  })

  it('may decline an event: the others get it, and nobody calls that a failure', async () => {
    const asked: string[] = []
    const { queue, trace } = await startQueue([
      createPlugin('destination', 'declines', (ctx) => ctx.cancel()),
      createPlugin('destination', 'takes', noting(asked, 'takes')),
    ])
    const ctx = await queue.dispatchSingle(createContext())

    expect(asked).toEqual(['takes'])
    expect(trace).toEqual(['message_delivered', 'delivery_success'])
    expect(ctx.failedDelivery()).toBeUndefined()
  })

  it('may stop the whole event as middleware does: the others get it, but it is not delivered', async () => {
    const asked: string[] = []
    const stop = new ContextCancelation({ type: 'middleware_cancellation', reason: 'mine', retry: false })
    const { queue, trace } = await startQueue([
      createPlugin('destination', 'stops', (ctx) => ctx.cancel(stop)),
      createPlugin('destination', 'takes', noting(asked, 'takes')),
      createPlugin('after', 'after', noting(asked, 'after')),
    ])
    const ctx = await queue.dispatchSingle(createContext())

    expect(ctx.failedDelivery()).toEqual({ reason: stop })
    expect(stop.by).toBe('stops')
    expect(asked).toEqual(['takes'])
    expect(trace).toEqual(['delivery_failure mine'])
  })

  it.each<[string, unknown, Error]>([
    ['an error', new Error('[400] Bad'), new Error('[400] Bad')],
    ['text', '[400] Bad', new Error('[400] Bad')],
  ])(
    'may mark an event as failed with %s: it is, after all plugins, and is not tried again',
    async (_, reason, told) => {
      const asked: string[] = []
      const { queue, trace } = await startQueue(
        [
          createPlugin('destination', 'fails', (ctx) => {
            ctx.setFailedDelivery({ reason })
            return ctx
          }),
          createPlugin('after', 'after', (ctx) => {
            asked.push(String(ctx.failedDelivery()?.reason))
            return ctx
          }),
        ],
        { maxAttempts: 3 },
      )
      const heard: unknown[] = []
      queue.on('delivery_failure', (_ctx, error) => heard.push(error))
      const ctx = await queue.dispatchSingle(createContext())

      expect(ctx.failedDelivery()).toEqual({ reason })
      expect(heard).toEqual([told])
      expect(asked).toEqual([String(reason)])
      expect(trace).toEqual(['message_delivered', 'delivery_failure [400] Bad'])
      expect(queue.queue.todo).toBe(0)
    },
  )

  it('get an event only if it lets them, as the shaping plugins left it', async () => {
    const asked: string[] = []
    const { queue } = await startQueue([
      createPlugin('enrichment', 'switches', (ctx) => {
        ctx.updateEvent('integrations.On', true)
        ctx.updateEvent('integrations.Off', false)
        return ctx
      }),
      createPlugin('destination', 'On', noting(asked, 'On')),
      createPlugin('destination', 'Off', noting(asked, 'Off')),
      createPlugin('destination', 'Other', noting(asked, 'Other')),
      createPlugin('destination', 'Segment.io', noting(asked, 'Segment.io')),
      createPlugin('after', 'Off', noting(asked, 'after')),
    ])
    await queue.dispatchSingle(createContext({ integrations: { All: false } }))

    expect(asked).toEqual(['On', 'Segment.io', 'after'])
  })

  it('that do not answer in time have failed; the event is delivered', async () => {
    const { queue, clock, trace } = await startQueue([createPlugin('destination', 'hung', hanging)], {
      pluginTimeout: 500,
    })
    const ended = queue.dispatchSingle(createContext())
    await clock.advance(500)

    expect((await ended).failedDelivery()).toBeUndefined()
    expect(trace).toEqual([
      'destination_failure hung: track of plugin hung did not finish within 500 ms',
      'message_delivered',
      'delivery_success',
    ])
  })

  it('that never answer hold their own event and no other', async () => {
    let isFirst = true
    const { queue, trace } = await startQueue([
      createPlugin('destination', 'hung', (ctx) => {
        const answer = isFirst ? hanging(ctx) : ctx
        isFirst = false
        return answer
      }),
    ])
    void queue.dispatchSingle(createContext())
    await queue.dispatchSingle(createContext())

    expect(trace).toEqual(['message_delivered', 'delivery_success'])
  })
})

describe('given a destination that is still loading', () => {
  async function startLoading(settings: { pluginTimeout?: number } = {}) {
    const load = createDeferred<void>()
    const asked: string[] = []
    const started = await startQueue(
      [
        createPlugin('destination', 'loading', noting(asked, 'loading'), { load: () => load.promise }),
        createPlugin('destination', 'loaded', noting(asked, 'loaded')),
      ],
      settings,
    )
    return { ...started, load, asked }
  }

  it('gives it the event once it is loaded, and does not let the others wait', async () => {
    const { queue, load, asked, trace } = await startLoading()
    void queue.dispatchSingle(createContext())
    expect(asked).toEqual(['loaded'])
    await settled()
    expect(trace).toEqual([])

    load.resolve()
    await settled()

    expect(asked).toEqual(['loaded', 'loading'])
    expect(trace).toEqual(['message_delivered', 'delivery_success'])
  })

  it('gives it the events in their order', async () => {
    const names: string[] = []
    const load = createDeferred<void>()
    const { queue } = await startQueue([
      createPlugin(
        'destination',
        'loading',
        (ctx) => {
          names.push(ctx.event.event ?? '')
          return ctx
        },
        { load: () => load.promise },
      ),
    ])
    for (const event of ['1', '2', '3']) void queue.dispatchSingle(createContext({ event }))
    load.resolve()
    await settled()
    await queue.dispatchSingle(createContext({ event: '4' }))

    expect(names).toEqual(['1', '2', '3', '4'])
  })

  it('gives it the event at once if it keeps events itself: nobody waits for it', async () => {
    const asked: string[] = []
    const load = createDeferred<void>()
    const keeping = createPlugin('destination', 'keeping', noting(asked, 'keeping'), {
      load: () => load.promise,
    })
    const { queue, trace } = await startQueue([Object.assign(keeping, { [keepsEvents]: true })])
    await queue.dispatchSingle(createContext())

    expect(asked).toEqual(['keeping'])
    expect(trace).toEqual(['message_delivered', 'delivery_success'])
  })

  it('delivers without it when it does not load', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
    const { queue, load, asked, trace } = await startLoading()
    const ended = queue.dispatchSingle(createContext())
    load.reject(new Error('no network'))
    await ended

    expect(asked).toEqual(['loaded'])
    expect(trace).toEqual(['initialization_failure loading', 'message_delivered', 'delivery_success'])
    warn.mockRestore()
  })

  it('delivers without it when it takes too long to load', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
    const { queue, clock, asked, trace } = await startLoading({ pluginTimeout: 500 })
    const ended = queue.dispatchSingle(createContext())
    await clock.advance(500)
    await ended

    expect(asked).toEqual(['loaded'])
    expect(trace).toEqual(['initialization_failure loading', 'message_delivered', 'delivery_success'])
    warn.mockRestore()
  })
})

describe('plugins that come after', () => {
  it('are asked together, when every destination is done, and the event waits for them', async () => {
    const asked: string[] = []
    const sent = createDeferred<void>()
    const [first, second] = [createDeferred<void>(), createDeferred<void>()]
    const after = (name: string, done: Promise<void>) =>
      createPlugin('after', name, async (ctx) => {
        asked.push(name)
        await done
        return ctx
      })
    const { queue, trace } = await startQueue([
      after('a1', first.promise),
      after('a2', second.promise),
      createPlugin('destination', 'd', (ctx) => sent.promise.then(() => ctx)),
    ])
    void queue.dispatchSingle(createContext())
    await settled()
    expect(asked).toEqual([])

    sent.resolve()
    await settled()
    expect(asked).toEqual(['a1', 'a2'])
    second.resolve()
    await settled()
    expect(trace).toEqual(['message_delivered'])
    first.resolve()
    await settled()
    expect(trace).toEqual(['message_delivered', 'delivery_success'])
  })

  it.each<[string, Hook]>([
    ['rejects', () => Promise.reject(new Error('mine'))],
    ['answers null', () => null],
    ['cancels', (ctx) => ctx.cancel()],
    [
      'cancels as middleware does',
      (ctx) => ctx.cancel(new ContextCancelation({ type: 'middleware_cancellation' })),
    ],
  ])('change nothing about an event that was delivered: one that %s', async (_, hook) => {
    const { queue, trace } = await startQueue([createPlugin('after', 'a', hook)])
    const ctx = await queue.dispatchSingle(createContext())

    expect(ctx.failedDelivery()).toBeUndefined()
    expect(trace).toEqual(['message_delivered', 'delivery_success'])
  })
})

it('a utility plugin is never asked', async () => {
  const asked: string[] = []
  const { queue } = await startQueue([createPlugin('utility', 'u', noting(asked, 'u'))])
  const ctx = await queue.dispatchSingle(createContext())

  expect(asked).toEqual([])
  expect(linesOf(ctx)).toEqual(['debug Dispatching', 'debug Delivered'])
})

describe('given a destination that settles events by itself', () => {
  it('gives it the event without calling a hook, and waits until it says that the event is settled', async () => {
    const settle: Settled[] = []
    const own = createPlugin(
      'destination',
      'Segment.io',
      settlingHook<TestContext>((_ctx, done) => settle.push(done)),
    )
    const { queue, trace } = await startQueue([own])
    const ctx = createContext()
    const ended: TestContext[] = []
    queue.process(ctx, (last) => ended.push(last))
    expect([settle.length, ended]).toEqual([1, []])

    settle[0]?.()

    expect(ended).toEqual([ctx])
    expect(trace).toEqual(['message_delivered', 'delivery_success'])
    expect(linesOf(ctx)).toContain('debug plugin')
  })
})
