import { settled } from '@sluice/testing'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { PluginHook } from '../src'
import { ContextCancelation, createDeferred, ON_REMOVE_FROM_FUTURE } from '../src'
import { hostClock } from '../src/internal'
import type { TestContext } from './support/start-queue'
import { createContext, createPlugin, hanging, metricsOf, startQueue } from './support/start-queue'

type Hook = PluginHook<TestContext>

const types = ['before', 'enrichment', 'destination', 'after', 'utility'] as const

/** What the faked timers take for a timeout of 0, in ms, when it is set by another timer. */
const turn = 1

const passing: Hook = (ctx) => ctx
const failing: Hook = () => {
  throw new Error('mine')
}

/** Fails so many times, then passes. */
function failingTimes(times: number): Hook {
  let calls = 0
  return (ctx) => {
    calls++
    if (calls <= times) throw new Error(`failure ${calls}`)
    return ctx
  }
}

/** A destination that notes the names of the events that it gets. */
function createRecorder(sent: string[] = []) {
  const recorder = createPlugin('destination', 'recorder', (ctx) => {
    sent.push(ctx.event.event ?? '')
    return ctx
  })
  return { recorder, sent }
}

const named = (...names: string[]) => names.map((event) => createContext({ event }))

describe('a single event', () => {
  it('is told of from its first plugin to its success', async () => {
    const { queue, trace } = await startQueue(types.map((type) => createPlugin(type, type, passing)))
    const ctx = createContext()

    expect(await queue.dispatchSingle(ctx)).toBe(ctx)
    expect(trace).toEqual([
      'message_enriched before',
      'message_enriched enrichment',
      'message_delivered',
      'delivery_success',
    ])
    expect(ctx.attempts).toBe(1)
    expect(metricsOf(ctx)).toEqual([
      'message_dispatched',
      'plugin_time plugin:before',
      'plugin_time plugin:enrichment',
      'plugin_time plugin:destination',
      'message_delivered',
      'plugin_time plugin:after',
      'delivered',
    ])
  })

  it('leaves nothing waiting', async () => {
    const { queue, clock } = await startQueue([createPlugin('before', 'b', failing)], { pluginTimeout: 500 })
    await queue.dispatchSingle(createContext())

    expect([queue.isEmpty(), queue.queue.todo, clock.timers]).toEqual([true, 0, 0])
  })

  it.each([
    ['dispatchSingle', passing],
    ['dispatchSingle', failing],
    ['dispatch', passing],
    ['dispatch', failing],
  ] as const)('is forgotten after %s, soon if not at once', async (method, hook) => {
    const { queue, clock } = await startQueue([createPlugin('before', 'b', hook)])
    const first = createContext()
    const send = async (ctx: TestContext) => {
      const ended = queue[method](ctx)
      await clock.advance(0)
      await ended
    }
    await send(first)
    expect(queue.queue.getAttempts(first)).toBeGreaterThan(0)
    for (let count = 0; count < 100; count++) await send(createContext())

    expect(queue.queue.getAttempts(first)).toBe(0)
  })

  it('is measured by the clock of the queue', async () => {
    const { queue, clock } = await startQueue([
      createPlugin('destination', 'slow', async (ctx) => {
        await clock.advance(40)
        return ctx
      }),
    ])
    const ctx = await queue.dispatchSingle(createContext())
    const gauges = ctx.stats.metrics.filter(({ type }) => type === 'gauge')

    expect(gauges.map(({ metric, value }) => [metric, value])).toEqual([
      ['plugin_time', 40],
      ['delivered', 40],
    ])
  })
})

describe('given plugins none of which waits', () => {
  it('has ended the event when process returns', async () => {
    const { recorder, sent } = createRecorder()
    const { queue, trace } = await startQueue([
      ...types.map((type) => createPlugin(type, type, passing)),
      recorder,
    ])
    const ended: TestContext[] = []
    const ctx = createContext()

    queue.process(ctx, (last) => ended.push(last))

    expect(ended).toEqual([ctx])
    expect(sent).toEqual(['E'])
    expect(trace.at(-1)).toBe('delivery_success')
  })

  it.each<[string, Hook]>([
    ['fails', failing],
    ['drops it', () => null],
    ['cancels it', (ctx) => ctx.cancel()],
  ])('has ended the event when process returns, though one %s', async (_, hook) => {
    const { queue } = await startQueue([createPlugin('before', 'b', hook)])
    const ended: boolean[] = []

    queue.process(createContext(), (last) => ended.push(last.failedDelivery() !== undefined))

    expect(ended).toEqual([true])
  })

  it('makes no promise on the way', async () => {
    const { queue } = await startQueue(types.map((type) => createPlugin(type, type, passing)))
    const then = vi.spyOn(Promise.prototype, 'then')
    queue.process(createContext(), () => {})
    const calls = then.mock.calls.length
    then.mockRestore()

    expect(calls).toBe(0)
  })

  it('goes on in later turns when one waits', async () => {
    const { queue } = await startQueue([createPlugin('after', 'a', async (ctx) => ctx)])
    const ended: TestContext[] = []
    queue.process(createContext(), (last) => ended.push(last))
    expect(ended).toEqual([])

    await settled()
    expect(ended).toHaveLength(1)
  })
})

describe('order', () => {
  it('is kept though only the first event meets a slow plugin', async () => {
    const { recorder, sent } = createRecorder()
    const slow = createDeferred<void>()
    const { queue } = await startQueue([
      createPlugin('enrichment', 'slow', async (ctx) => {
        if (ctx.event.event === '1') await slow.promise
        return ctx
      }),
      recorder,
    ])
    const ended = named('1', '2', '3').map((ctx) => queue.dispatchSingle(ctx))
    await settled()
    expect(sent).toEqual([])

    slow.resolve()
    await Promise.all(ended)

    expect(sent).toEqual(['1', '2', '3'])
  })

  it('is kept though the event ahead fails after a while', async () => {
    const { recorder, sent } = createRecorder()
    const slow = createDeferred<void>()
    const { queue, trace } = await startQueue([
      createPlugin('before', 'slow', async (ctx) => {
        if (ctx.event.event === '1') await slow.promise
        return ctx
      }),
      recorder,
    ])
    const ended = named('1', '2').map((ctx) => queue.dispatchSingle(ctx))
    slow.reject(new Error('mine'))
    await Promise.all(ended)

    expect(sent).toEqual(['2'])
    expect(trace.filter((line) => line.startsWith('deliver'))).toEqual([
      'delivery_failure mine',
      'delivery_success',
    ])
  })

  it('is kept by events that came while plugins were loading', async () => {
    const { recorder, sent } = createRecorder()
    const load = createDeferred<void>()
    const { queue, register } = await startQueue([recorder])
    void register(createPlugin('before', 'loading', passing, { load: () => load.promise }))
    const ended = named('1', '2').map((ctx) => queue.dispatchSingle(ctx))
    await settled()
    expect(sent).toEqual([])
    load.resolve()
    const last = named('3').map((ctx) => queue.dispatchSingle(ctx))
    await Promise.all([...ended, ...last])

    expect(sent).toEqual(['1', '2', '3'])
  })

  it('lets a slow destination hold nobody', async () => {
    const { recorder, sent } = createRecorder()
    const { queue } = await startQueue([createPlugin('destination', 'hung', hanging), recorder])
    for (const ctx of named('1', '2')) void queue.dispatchSingle(ctx)

    expect(sent).toEqual(['1', '2'])
  })

  it('survives whoever is told of an event and throws', async () => {
    const { recorder, sent } = createRecorder()
    const { queue } = await startQueue([recorder])
    const [first, second] = named('1', '2')
    expect(() =>
      queue.process(first ?? createContext(), () => {
        throw new Error('of the client')
      }),
    ).toThrow('of the client')
    await queue.dispatchSingle(second ?? createContext())

    expect(sent).toEqual(['1', '2'])
  })
})

describe('critical tasks', () => {
  it('hold every event until the last of them is over, however it ends', async () => {
    const { queue, trace } = await startQueue()
    const [first, second] = [createDeferred<void>(), createDeferred<void>()]
    queue.criticalTasks.run(() => first.promise)
    const task = queue.criticalTasks.run(() => second.promise)
    const ended = queue.dispatchSingle(createContext())
    first.resolve()
    await settled()
    expect(trace).toEqual([])

    second.reject(new Error('mine'))
    await expect(task).rejects.toThrow('mine')
    await ended
    expect(trace).toEqual(['message_delivered', 'delivery_success'])
  })

  it('hold events again that waited for one when the next has begun meanwhile', async () => {
    const { queue, trace } = await startQueue()
    const [first, second] = [createDeferred<void>(), createDeferred<void>()]
    queue.criticalTasks.run(() => first.promise)
    void queue.criticalTasks.done()?.then(() => queue.criticalTasks.run(() => second.promise))
    void queue.dispatchSingle(createContext())
    first.resolve()
    await settled()
    expect(trace).toEqual([])

    second.resolve()
    await settled()
    expect(trace).toEqual(['message_delivered', 'delivery_success'])
  })
})

describe('queued events', () => {
  it('wait for a turn of their own, then go one by one, in order', async () => {
    const { recorder, sent } = createRecorder()
    const { queue, clock, trace } = await startQueue([recorder])
    const contexts = named('1', '2', '3')
    const ended = Promise.all(contexts.map((ctx) => queue.dispatch(ctx)))
    await settled()
    expect([sent, queue.isEmpty()]).toEqual([[], false])

    await clock.advance(0)

    expect(await ended).toEqual(contexts)
    expect(sent).toEqual(['1', '2', '3'])
    expect(queue.isEmpty()).toBe(true)
    expect(trace.slice(0, 3)).toEqual(['message_delivered', 'delivery_success', 'flush true'])
  })

  it('are taken again after the queue was empty', async () => {
    const { queue, clock, trace } = await startQueue()
    for (let round = 0; round < 2; round++) {
      void queue.dispatch(createContext())
      await clock.advance(0)
    }

    expect(trace.filter((line) => line === 'flush true')).toHaveLength(2)
  })

  it('resolve, not reject, when they fail', async () => {
    const { queue, clock, trace } = await startQueue([createPlugin('before', 'b', failing)])
    const ctx = createContext()
    const ended = queue.dispatch(ctx)
    await clock.advance(0)

    expect(await ended).toBe(ctx)
    expect(ctx.failedDelivery()).toEqual({ reason: new Error('mine') })
    expect(trace).toEqual(['delivery_failure mine', 'flush false'])
  })

  it('are joined, not failed, by a second dispatch of the same context', async () => {
    const { recorder, sent } = createRecorder()
    const { queue, clock, trace } = await startQueue([recorder])
    const ctx = createContext()
    const ended = Promise.all([queue.dispatch(ctx), queue.dispatch(ctx)])
    await clock.advance(0)

    expect(await ended).toEqual([ctx, ctx])
    expect(ctx.failedDelivery()).toBeUndefined()
    expect(sent).toEqual(['E'])
    expect(trace.filter((line) => line.startsWith('flush'))).toEqual(['flush true'])
  })

  it('fail at once when they were tried too often before', async () => {
    const { queue, clock } = await startQueue()
    const ctx = createContext()
    await queue.dispatchSingle(ctx)
    const again = await queue.dispatch(ctx)
    await clock.advance(0)

    expect(again.failedDelivery()).toEqual({ reason: new Error('The event was tried too often') })
  })

  it('can be taken out by hand, one for each flush', async () => {
    const { queue, trace } = await startQueue()
    const [first, second] = named('1', '2')
    queue.queue.push(first ?? createContext(), second ?? createContext())

    expect(await queue.flush()).toEqual([first])
    expect(await queue.flush()).toEqual([second])
    expect(await queue.flush()).toEqual([])
    expect(trace.filter((line) => line.startsWith('flush'))).toEqual(['flush true', 'flush true'])
  })

  it('give nothing to a flush in which they fail', async () => {
    const { queue } = await startQueue([createPlugin('before', 'b', failing)])
    queue.queue.push(createContext())

    expect(await queue.flush()).toEqual([])
  })
})

describe('given more than one attempt', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date', 'performance'] })
    vi.spyOn(Math, 'random').mockReturnValue(0)
  })
  afterEach(() => {
    vi.useRealTimers()
    vi.restoreAllMocks()
  })

  const start = (hook: Hook, maxAttempts = 2) =>
    startQueue([createPlugin('before', 'b', hook)], { maxAttempts, clock: hostClock })

  it('tries a failed event again after a while, and then gives up', async () => {
    const { queue, trace } = await start(failing)
    const ctx = createContext()
    const ended = queue.dispatchSingle(ctx)
    await vi.advanceTimersByTimeAsync(999)
    expect(trace).toEqual(['delivery_failure mine'])
    expect(ctx.failedDelivery()).toBeUndefined()

    await vi.advanceTimersByTimeAsync(1 + turn)

    expect(await ended).toBe(ctx)
    expect(trace).toEqual(['delivery_failure mine', 'delivery_retry', 'delivery_failure mine', 'flush false'])
    expect(ctx.attempts).toBe(2)
    expect(ctx.failedDelivery()).toEqual({ reason: new Error('mine') })
    expect(vi.getTimerCount()).toBe(0)
  })

  it('waits twice as long before each further attempt, and delivers when it can', async () => {
    const { queue, trace } = await start(failingTimes(3), 4)
    const times: number[] = []
    const begin = Date.now()
    queue.queue.on(ON_REMOVE_FROM_FUTURE, () => times.push(Date.now() - begin))
    const ended = queue.dispatchSingle(createContext())
    await vi.advanceTimersByTimeAsync(10_000)
    const ctx = await ended

    expect(times).toEqual([1_000, 3_000 + turn, 7_000 + 2 * turn])
    expect(ctx.failedDelivery()).toBeUndefined()
    expect(trace.slice(-4)).toEqual([
      'message_enriched b',
      'message_delivered',
      'delivery_success',
      'flush true',
    ])
  })

  it('counts the attempts of queued events as well', async () => {
    const { queue, trace } = await start(failing)
    const ended = queue.dispatch(createContext())
    await vi.advanceTimersByTimeAsync(2_000)
    const ctx = await ended

    expect(ctx.attempts).toBe(2)
    expect(trace).toEqual(['delivery_failure mine', 'delivery_retry', 'delivery_failure mine', 'flush false'])
  })

  it('lets others pass while one waits for its next attempt', async () => {
    const { queue, trace } = await start(failingTimes(1))
    const ended: string[] = []
    void queue.dispatchSingle(createContext()).then(() => ended.push('first'))
    void queue.dispatchSingle(createContext()).then(() => ended.push('second'))
    await settled()
    expect(ended).toEqual(['second'])

    await vi.advanceTimersByTimeAsync(1_000 + turn)
    expect(ended).toEqual(['second', 'first'])
    expect(trace.at(-1)).toBe('flush true')
  })

  it.each<[string, Hook]>([
    ['says so', (ctx) => ctx.cancel(new ContextCancelation({ retry: false }))],
    ['answers null', () => null],
  ])('does not retry for a plugin that drops the event and %s', async (_, hook) => {
    const { queue } = await start(hook)
    const ctx = await queue.dispatchSingle(createContext())

    expect(ctx.failedDelivery()?.reason).toMatchObject({ by: 'b', retry: false })
    expect(vi.getTimerCount()).toBe(0)
  })

  it('retries for a plugin that cancels without more ado', async () => {
    const { queue, trace } = await start((ctx) => ctx.cancel())
    const ended = queue.dispatchSingle(createContext())
    await vi.advanceTimersByTimeAsync(1_000 + turn)
    await ended

    expect(trace.filter((line) => line === 'delivery_retry')).toHaveLength(1)
  })

  it('retries the whole event when a destination stops it as middleware does', async () => {
    let calls = 0
    const { queue } = await startQueue(
      [
        createPlugin('destination', 'd', (ctx) => {
          calls++
          return ctx.cancel(new ContextCancelation({ type: 'middleware_cancellation' }))
        }),
      ],
      { maxAttempts: 2, clock: hostClock },
    )
    const ended = queue.dispatchSingle(createContext())
    await vi.advanceTimersByTimeAsync(1_000 + turn)

    expect((await ended).failedDelivery()?.reason).toMatchObject({ by: 'd' })
    expect(calls).toBe(2)
  })
})

describe('given a plugin that puts a new context in place of each', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date', 'performance'] }))
  afterEach(() => void vi.useRealTimers())

  const replacing = createPlugin('before', 'replaces', (ctx) => createContext({ ...ctx.event }))

  it.each([1, 2])('ends a failing event after %i attempts, for whoever waits for it', async (maxAttempts) => {
    const { queue, trace } = await startQueue([replacing, createPlugin('before', 'b', failing)], {
      maxAttempts,
      clock: hostClock,
    })
    const ended: unknown[] = []
    void queue.dispatchSingle(createContext()).then((ctx) => ended.push(ctx.failedDelivery()))
    void queue.dispatch(createContext()).then((ctx) => ended.push(ctx.failedDelivery()))
    await vi.advanceTimersByTimeAsync(20_000)

    expect(ended).toEqual([{ reason: new Error('mine') }, { reason: new Error('mine') }])
    expect(trace.filter((line) => line === 'delivery_failure mine')).toHaveLength(2 * maxAttempts)
    expect(queue.queue.todo).toBe(0)
  })

  it('ends a queued event that is delivered', async () => {
    const { queue, trace } = await startQueue([replacing], { clock: hostClock })
    const ended = queue.dispatch(createContext({ event: 'Mine' }))
    await vi.advanceTimersByTimeAsync(0)

    expect((await ended).event.event).toBe('Mine')
    expect(trace.at(-1)).toBe('flush true')
  })
})

describe('given a listener that throws', () => {
  it('delivers all the same and warns, naming the event', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
    const { queue, trace } = await startQueue([createPlugin('before', 'b', passing)])
    const names = ['message_enriched', 'message_delivered', 'delivery_success'] as const
    for (const name of names) {
      queue.on(name, () => {
        throw new Error(name)
      })
    }
    const ctx = await queue.dispatchSingle(createContext())

    expect(ctx.failedDelivery()).toBeUndefined()
    expect(trace.at(-1)).toBe('delivery_success')
    expect(warn.mock.calls).toEqual(names.map((name) => [`A listener of '${name}' threw`, new Error(name)]))
    warn.mockRestore()
  })
})
