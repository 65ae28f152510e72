import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { dispatch, Emitter, getDelay, invokeCallback } from '../src'
import { hostClock } from '../src/internal'
import type { TestContext, TestPlugin } from './support/start-queue'
import { createContext, createPlugin, hanging, linesOf, metricsOf, startQueue } from './support/start-queue'

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date', 'performance'] }))
afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

describe('getDelay', () => {
  it.each([
    { passed: 0, timeout: undefined, delay: 300 },
    { passed: 100, timeout: undefined, delay: 200 },
    { passed: 300, timeout: undefined, delay: 0 },
    { passed: 5_000, timeout: undefined, delay: 0 },
    { passed: 100, timeout: 1_000, delay: 900 },
    { passed: 100, timeout: 0, delay: 0 },
  ])('of $timeout ms, $passed ms after the start, is $delay ms', ({ passed, timeout, delay }) => {
    expect(getDelay(Date.now() - passed, timeout)).toBe(delay)
  })
})

describe('invokeCallback', () => {
  function startCallback(callback: (ctx: TestContext) => unknown, delay: number) {
    const ctx = createContext()
    const ended: TestContext[] = []
    void invokeCallback(ctx, callback, delay).then((last) => ended.push(last))
    return { ctx, ended }
  }

  it('calls back with the context after the delay, and resolves with it', async () => {
    const heard: TestContext[] = []
    const { ctx, ended } = startCallback((last) => heard.push(last), 50)
    await vi.advanceTimersByTimeAsync(49)
    expect(heard).toEqual([])
    await vi.advanceTimersByTimeAsync(1)

    expect([heard, ended]).toEqual([[ctx], [ctx]])
    expect(ctx.logs()).toEqual([])
    expect(vi.getTimerCount()).toBe(0)
  })

  it('calls back at once when there is no delay', async () => {
    const heard: TestContext[] = []
    const { ctx } = startCallback((last) => heard.push(last), 0)

    expect(heard).toEqual([ctx])
  })

  it('waits for a promise of the callback', async () => {
    const { ended } = startCallback(() => new Promise((resolve) => hostClock.after(400, () => resolve(1))), 0)
    await vi.advanceTimersByTimeAsync(399)
    expect(ended).toEqual([])
    await vi.advanceTimersByTimeAsync(1)

    expect(ended).toHaveLength(1)
  })

  it.each<[string, () => unknown, number, string]>([
    [
      'throws',
      () => {
        throw new Error('mine')
      },
      0,
      'mine',
    ],
    ['rejects', () => Promise.reject(new Error('mine')), 0, 'mine'],
    ['hangs', () => new Promise(() => {}), 1_000, 'Promise timed out'],
  ])('resolves though the callback %s, and says so in the log', async (_, callback, wait, message) => {
    const { ctx, ended } = startCallback(callback, 0)
    await vi.advanceTimersByTimeAsync(wait)

    expect(ended).toEqual([ctx])
    expect(ctx.logs()).toEqual([
      expect.objectContaining({
        level: 'warn',
        message: 'Callback Error',
        extras: { error: new Error(message) },
      }),
    ])
    expect(metricsOf(ctx)).toEqual(['callback_error'])
  })

  it('gives a hanging callback a second and no less', async () => {
    const { ended } = startCallback(() => new Promise(() => {}), 0)
    await vi.advanceTimersByTimeAsync(999)

    expect(ended).toEqual([])
  })
})

describe('dispatch', () => {
  async function start(plugins: TestPlugin[] = []) {
    const { queue, trace } = await startQueue(plugins, { clock: hostClock })
    const emitter = new Emitter<{ dispatch_start: [ctx: TestContext] }>()
    emitter.on('dispatch_start', () => trace.push('dispatch_start'))
    return { queue, emitter, trace }
  }

  it('says at once that it begins, and resolves with the delivered context', async () => {
    const { queue, emitter, trace } = await start()
    const ctx = createContext()
    const ended = dispatch(ctx, queue, emitter)
    expect(trace[0]).toBe('dispatch_start')

    expect(await ended).toBe(ctx)
    expect(trace).toEqual(['dispatch_start', 'message_delivered', 'delivery_success'])
  })

  it('resolves with a context that failed', async () => {
    const { queue, emitter } = await start([createPlugin('before', 'b', () => null)])
    const heard: unknown[] = []
    const callback = (last: TestContext) => heard.push(last.failedDelivery() !== undefined)
    const ctx = await dispatch(createContext(), queue, emitter, { callback, timeout: 0 })

    expect(ctx.failedDelivery()?.reason).toMatchObject({ by: 'b' })
    expect(heard).toEqual([true])
  })

  it.each([
    { timeout: undefined, wait: 300 },
    { timeout: 50, wait: 50 },
  ])(
    'calls back no sooner than $wait ms after the beginning when the timeout is $timeout',
    async ({ timeout, wait }) => {
      const { queue, emitter } = await start()
      const heard: TestContext[] = []
      const callback = (last: TestContext) => heard.push(last)
      const ctx = createContext()
      const ended = dispatch(
        ctx,
        queue,
        emitter,
        timeout === undefined ? { callback } : { callback, timeout },
      )
      await vi.advanceTimersByTimeAsync(wait - 1)
      expect(heard).toEqual([])
      await vi.advanceTimersByTimeAsync(1)

      expect(heard).toEqual([ctx])
      expect(await ended).toBe(ctx)
    },
  )

  it('takes the time of the delivery off the wait', async () => {
    const { queue, emitter } = await start([
      createPlugin('destination', 'slow', async (ctx) => {
        await vi.advanceTimersByTimeAsync(250)
        return ctx
      }),
    ])
    const heard: TestContext[] = []
    const ended = dispatch(createContext(), queue, emitter, { callback: (last) => heard.push(last) })
    await vi.advanceTimersByTimeAsync(50)
    await ended

    expect(heard).toHaveLength(1)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('joins the queue when others wait in it', async () => {
    const { queue, emitter, trace } = await start()
    void queue.dispatch(createContext({ event: '1' }))
    void dispatch(createContext({ event: '2' }), queue, emitter)
    await vi.advanceTimersByTimeAsync(0)

    expect(trace.filter((line) => line === 'flush true')).toHaveLength(2)
  })

  it('prints what was logged, when it is asked to, after the callback', async () => {
    const table = vi.spyOn(console, 'table').mockImplementation(() => {})
    const { queue, emitter } = await start()
    const printed: number[] = []
    const ctx = createContext()
    await dispatch(ctx, queue, emitter, {
      debug: true,
      timeout: 0,
      callback: () => printed.push(table.mock.calls.length),
    })

    expect(printed).toEqual([0])
    expect(table).toHaveBeenCalled()
    expect(linesOf(ctx)).toEqual([])
  })

  it('prints nothing unless it is asked to', async () => {
    const table = vi.spyOn(console, 'table').mockImplementation(() => {})
    const { queue, emitter } = await start()
    await dispatch(createContext(), queue, emitter)

    expect(table).not.toHaveBeenCalled()
  })

  it('does not call back for an event that has not ended', async () => {
    const { queue, emitter } = await start([createPlugin('destination', 'hung', hanging)])
    const heard: TestContext[] = []
    void dispatch(createContext(), queue, emitter, { callback: (last) => heard.push(last) })
    await vi.advanceTimersByTimeAsync(60_000)

    expect(heard).toEqual([])
  })
})
