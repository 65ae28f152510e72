import { settled } from '@sluice/testing'
import { describe, expect, it } from 'vitest'
import type { PluginHook, SegmentEventType } from '../src'
import { ContextCancelation, createDeferred, TimeLimitError } from '../src'
import type { TestContext } from './support/start-queue'
import {
  answering,
  client,
  createContext,
  createPlugin,
  hanging,
  linesOf,
  metricsOf,
  startQueue,
} from './support/start-queue'

type Hook = PluginHook<TestContext>

const phases = ['before', 'enrichment'] as const

/** A hook that adds its name to the list in the event. */
const marking =
  (name: string): Hook =>
  (ctx) => {
    const marks: unknown = ctx.event.properties?.marks
    ctx.updateEvent('properties.marks', [...(Array.isArray(marks) ? marks : []), name])
    return ctx
  }

function throwing(reason: unknown): Hook {
  return () => {
    throw reason
  }
}

describe('the plugins that shape an event', () => {
  it('run one after the other, all of before first, then enrichment, each as registered', async () => {
    const seen: unknown[] = []
    const { queue, trace } = await startQueue([
      createPlugin('enrichment', 'e1', marking('e1')),
      createPlugin('destination', 'd', (ctx) => {
        seen.push(ctx.event.properties)
        return ctx
      }),
      createPlugin('before', 'b1', async (ctx) => marking('b1')(ctx)),
      createPlugin('enrichment', 'e2', marking('e2')),
      createPlugin('before', 'b2', marking('b2')),
    ])
    await queue.dispatchSingle(createContext())

    expect(seen).toEqual([{ marks: ['b1', 'b2', 'e1', 'e2'] }])
    expect(trace).toEqual([
      'message_enriched b1',
      'message_enriched b2',
      'message_enriched e1',
      'message_enriched e2',
      'message_delivered',
      'delivery_success',
    ])
  })

  it('may put another context in place of the one they got: the event goes on with that one', async () => {
    const other = createContext({ event: 'Other' })
    const seen: string[] = []
    const note: Hook = (ctx) => {
      seen.push(ctx.event.event ?? '')
      return ctx
    }
    const { queue } = await startQueue([
      createPlugin('before', 'replaces', async () => other),
      createPlugin('enrichment', 'enrichment', note),
      createPlugin('destination', 'destination', note),
      createPlugin('after', 'after', note),
    ])

    expect(await queue.dispatchSingle(createContext())).toBe(other)
    expect(seen).toEqual(['Other', 'Other', 'Other'])
  })

  it('may answer a context of another copy of this library', async () => {
    const foreign: TestContext = Object.assign(Object.create(null), {
      event: { type: 'track' },
      attempts: 0,
      stats: { increment() {}, gauge() {} },
      cancel() {},
      log() {},
      failedDelivery() {},
    })
    const { queue, trace } = await startQueue([createPlugin('before', 'b', () => foreign)])

    expect(await queue.dispatchSingle(createContext())).toBe(foreign)
    expect(trace.at(-1)).toBe('delivery_success')
  })

  it('are asked for events of the types they have hooks for, and only those', async () => {
    const types: SegmentEventType[] = ['track', 'page', 'identify', 'group', 'alias', 'screen']
    const seen: string[] = []
    const note =
      (type: string): Hook =>
      (ctx) => {
        seen.push(`${type}: ${ctx.event.type}`)
        return ctx
      }
    const { queue } = await startQueue([
      createPlugin('before', 'all', undefined, Object.fromEntries(types.map((type) => [type, note(type)]))),
      createPlugin('before', 'none'),
    ])
    for (const type of types) await queue.dispatchSingle(createContext({ type }))

    expect(seen).toEqual(types.map((type) => `${type}: ${type}`))
  })

  it('keep their own `this`', async () => {
    class Counter {
      readonly name = 'counter'
      readonly type = 'before'
      count = 0
      isLoaded() {
        return true
      }
      async load() {}
      track(ctx: TestContext) {
        this.count++
        return ctx
      }
    }
    const counter = new Counter()
    const { queue } = await startQueue([counter])
    await queue.dispatchSingle(createContext())

    expect(counter.count).toBe(1)
  })

  it.each(phases)('cannot be switched off by the event: %s', async (phase) => {
    const { queue, trace } = await startQueue([createPlugin(phase, 'p', marking('p'))])
    await queue.dispatchSingle(createContext({ integrations: { All: false, p: false } }))

    expect(trace[0]).toBe('message_enriched p')
  })

  it('leave in the log of the event who was asked, and in its metrics how long each took', async () => {
    const { queue } = await startQueue([createPlugin('before', 'b', marking('b'))])
    const ctx = await queue.dispatchSingle(createContext())

    expect(ctx.logs()).toEqual([
      expect.objectContaining({ level: 'debug', message: 'Dispatching' }),
      expect.objectContaining({ level: 'debug', message: 'plugin', extras: { plugin: 'b' } }),
      expect.objectContaining({ level: 'debug', message: 'Delivered', extras: ctx.event }),
    ])
    expect(metricsOf(ctx)).toEqual([
      'message_dispatched',
      'plugin_time plugin:b',
      'message_delivered',
      'delivered',
    ])
  })
})

/** All the ways in which a hook can go wrong, with what is said of it. */
const failures: [string, Hook, unknown][] = [
  ['throws', throwing(new Error('mine')), new Error('mine')],
  ['throws what is no error', throwing('mine'), 'mine'],
  ['rejects', () => Promise.reject(new Error('mine')), new Error('mine')],
  ['forgets to answer', answering(undefined), answered('undefined')],
  ['answers nothing, later', answering(Promise.resolve()), answered('undefined')],
  ['answers text', answering('text'), answered('string')],
  ['answers a list', answering([]), answered('object')],
  ['answers the event', answering({ type: 'track' }), answered('object')],
]

function answered(what: string): TypeError {
  return new TypeError(`plugin bad answered ${what}, neither a context nor null`)
}

describe.each(failures)('given a hook that %s', (_, hook, reason) => {
  it('stops the event when it is of a before plugin', async () => {
    const reached: string[] = []
    const note: Hook = (ctx) => {
      reached.push('reached')
      return ctx
    }
    const { queue, trace } = await startQueue([
      createPlugin('before', 'bad', hook),
      createPlugin('before', 'next', note),
      createPlugin('enrichment', 'enrichment', note),
      createPlugin('destination', 'destination', note),
      createPlugin('after', 'after', note),
    ])
    const ctx = createContext()

    expect(await queue.dispatchSingle(ctx)).toBe(ctx)
    expect(ctx.failedDelivery()).toEqual({ reason })
    expect(reached).toEqual([])
    expect(trace).toEqual([expect.stringMatching(/^delivery_failure /)])
    expect(linesOf(ctx)).toEqual([
      'debug Dispatching',
      'debug plugin',
      'error plugin Error',
      'debug Context canceled',
      'error Failed to deliver',
    ])
    expect(metricsOf(ctx)).toEqual([
      'message_dispatched',
      'plugin_error plugin:bad',
      'context_canceled',
      'delivery_failed',
    ])
  })

  it('is passed over when it is of an enrichment plugin', async () => {
    const { queue, trace } = await startQueue([
      createPlugin('enrichment', 'bad', hook),
      createPlugin('enrichment', 'good', marking('good')),
    ])
    const ctx = createContext()
    await queue.dispatchSingle(ctx)

    expect(ctx.failedDelivery()).toBeUndefined()
    expect(ctx.event.properties).toEqual({ marks: ['good'] })
    expect(trace).toEqual([
      'message_enriched bad',
      'message_enriched good',
      'message_delivered',
      'delivery_success',
    ])
    expect(ctx.logs()[2]).toMatchObject({
      level: 'error',
      message: 'plugin Error',
      extras: { plugin: 'bad', error: reason },
    })
  })
})

/** All the ways in which a plugin can drop an event. */
const drops: [string, Hook, { retry: boolean; reason: string; type: string }][] = [
  ['answers null', () => null, { retry: false, reason: 'Dropped by dropper', type: 'plugin Error' }],
  [
    'answers null later',
    async () => null,
    { retry: false, reason: 'Dropped by dropper', type: 'plugin Error' },
  ],
  ['cancels', (ctx) => ctx.cancel(), { retry: true, reason: 'Context Cancel', type: 'plugin Error' }],
  [
    'throws a cancelation',
    throwing(new ContextCancelation({ retry: false, reason: 'a bot' })),
    { retry: false, reason: 'a bot', type: 'plugin Error' },
  ],
  [
    'rejects with a cancelation',
    () => Promise.reject(new ContextCancelation({ reason: 'a bot' })),
    { retry: true, reason: 'a bot', type: 'plugin Error' },
  ],
  [
    'cancels as middleware does',
    (ctx) => ctx.cancel(new ContextCancelation({ type: 'middleware_cancellation', reason: 'a bot' })),
    { retry: true, reason: 'a bot', type: 'middleware_cancellation' },
  ],
]

describe.each(drops)('given a plugin that %s', (_, hook, expected) => {
  it.each(phases)('drops the event and says who did it: %s', async (phase) => {
    const reached: string[] = []
    const { queue, trace } = await startQueue([
      createPlugin(phase, 'dropper', hook),
      createPlugin('destination', 'destination', (ctx) => {
        reached.push('reached')
        return ctx
      }),
    ])
    const ctx = await queue.dispatchSingle(createContext())
    const reason = ctx.failedDelivery()?.reason

    expect(reason).toBeInstanceOf(ContextCancelation)
    expect({ ...(reason as ContextCancelation) }).toEqual({ ...expected, by: 'dropper' })
    expect(reached).toEqual([])
    expect(trace).toEqual([`delivery_failure ${expected.reason}`])
  })
})

it('notes a cancelation as a decision, not as an error of the plugin', async () => {
  const { queue } = await startQueue([createPlugin('enrichment', 'e', (ctx) => ctx.cancel())])
  const ctx = await queue.dispatchSingle(createContext())

  expect(linesOf(ctx)).toEqual([
    'debug Dispatching',
    'debug plugin',
    'warn plugin Error',
    'error Failed to deliver',
  ])
  expect(metricsOf(ctx)).toEqual(['message_dispatched', 'delivery_failed'])
})

describe('given a hook that never answers', () => {
  it('fails the event when its time is up, if it is of a before plugin', async () => {
    const { queue, clock } = await startQueue([createPlugin('before', 'hung', hanging)], {
      pluginTimeout: 500,
    })
    const ctx = createContext()
    const ended = queue.dispatchSingle(ctx)
    await clock.advance(499)
    expect(ctx.failedDelivery()).toBeUndefined()
    await clock.advance(1)

    expect(await ended).toBe(ctx)
    expect(ctx.failedDelivery()).toEqual({ reason: new TimeLimitError('track of plugin hung', 500) })
    expect(clock.timers).toBe(0)
  })

  it('goes on without it when its time is up, if it is of an enrichment plugin', async () => {
    const { queue, clock, trace } = await startQueue([createPlugin('enrichment', 'hung', hanging)], {
      pluginTimeout: 500,
    })
    const ended = queue.dispatchSingle(createContext())
    await clock.advance(500)

    expect((await ended).failedDelivery()).toBeUndefined()
    expect(trace).toEqual(['message_enriched hung', 'message_delivered', 'delivery_success'])
  })

  it('does not let it come back later', async () => {
    const late = createDeferred<TestContext>()
    const { queue, clock, trace } = await startQueue(
      [createPlugin('enrichment', 'slow', () => late.promise)],
      {
        pluginTimeout: 500,
      },
    )
    const ended = queue.dispatchSingle(createContext())
    await clock.advance(500)
    const ctx = await ended
    late.resolve(createContext({ event: 'Late' }))
    await settled()

    expect(ctx.event.event).toBe('E')
    expect(trace).toEqual(['message_enriched slow', 'message_delivered', 'delivery_success'])
  })

  it('waits for ever when plugins have no time limit', async () => {
    const { queue, clock, trace } = await startQueue([createPlugin('enrichment', 'hung', hanging)])
    void queue.dispatchSingle(createContext())
    await clock.advance(1e9)

    expect(trace).toEqual([])
    expect(clock.timers).toBe(0)
  })
})

describe('given plugins that come and go while an event waits in one of them', () => {
  it('passes no other plugin over, and asks none that came later', async () => {
    const slow = createDeferred<void>()
    const { queue, register } = await startQueue([
      createPlugin('before', 'slow', async (ctx) => {
        await slow.promise
        return ctx
      }),
      createPlugin('before', 'privacy', marking('privacy')),
      createPlugin('before', 'last', marking('last')),
    ])
    const ended = queue.dispatchSingle(createContext())
    const [first] = queue.plugins
    if (first) await queue.deregister(createContext(), first, client)
    await register(createPlugin('before', 'new', marking('new')))
    slow.resolve()

    expect((await ended).event.properties).toEqual({ marks: ['privacy', 'last'] })
    expect((await queue.dispatchSingle(createContext())).event.properties).toEqual({
      marks: ['privacy', 'last', 'new'],
    })
  })
})
