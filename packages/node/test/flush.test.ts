import { settled } from '@sluice/testing'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Analytics, ValidationError } from '../src'
import { startClient } from './support/start-client'

const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
afterEach(() => {
  warn.mockClear()
  vi.useRealTimers()
})

/** Whether a promise has settled by now. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  let done = false
  void promise.then(() => {
    done = true
  })
  await settled()
  return done
}

describe('flush', () => {
  it('resolves at once when nothing is on its way, and emits nothing', async () => {
    const { analytics, names } = startClient()
    await analytics.ready
    await analytics.flush()
    await analytics.flush({ timeout: 1 })

    expect(names()).toEqual(['register'])
  })

  it('sends what is waiting and resolves when it is delivered', async () => {
    const { analytics, track, batches, names } = startClient({ flushAt: 10 })
    track('a')
    track('b')
    await analytics.flush()

    expect(batches()).toEqual([['a', 'b']])
    expect(names().slice(-3)).toEqual(['track', 'track', 'drained'])
  })

  it('waits for a batch that is under way without waiting for the interval', async () => {
    const { analytics, track, batches, answer } = startClient({ flushAt: 2, replies: ['hang', 200] })
    for (const event of ['a', 'b', 'c']) track(event)
    const flushed = analytics.flush()
    await settled()
    expect(batches()).toEqual([['a', 'b'], ['c']])
    expect(await isSettled(flushed)).toBe(false)

    answer(200)

    expect(await isSettled(flushed)).toBe(true)
  })

  it('waits for its own events only, however many come after', async () => {
    const { analytics, track, answer } = startClient({ replies: ['hang'] })
    track('before')
    const flushed = analytics.flush()
    await settled()
    track('after')
    await settled()
    answer(200)

    expect(await isSettled(flushed)).toBe(true)
    expect(analytics.counts().pending).toBe(1)
  })

  it('waits for callbacks and for their promises', async () => {
    const { analytics } = startClient()
    let finish = () => {}
    const work = new Promise<void>((resolve) => {
      finish = resolve
    })
    analytics.track({ userId: 'u', event: 'a' }, () => work)
    const flushed = analytics.flush()
    await settled()
    expect(await isSettled(flushed)).toBe(false)
    finish()

    expect(await isSettled(flushed)).toBe(true)
  })

  it('waits no longer than a second for a callback', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const { analytics, names } = startClient()
    analytics.track({ userId: 'u', event: 'a' }, () => new Promise(() => {}))
    const flushed = analytics.flush()
    await settled()
    await vi.advanceTimersByTimeAsync(999)
    expect(await isSettled(flushed)).toBe(false)
    await vi.advanceTimersByTimeAsync(1)

    expect(await isSettled(flushed)).toBe(true)
    expect(names().slice(-2)).toEqual(['track', 'drained'])
    expect(vi.getTimerCount()).toBe(0)
  })

  it('resolves after its time limit and destroys nothing', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date', 'performance'] })
    const { analytics, track, arguments: heard } = startClient({ replies: [500, 200] })
    track('a')
    const flushed = analytics.flush({ timeout: 50 })
    await settled()
    await vi.advanceTimersByTimeAsync(50)
    expect(await isSettled(flushed)).toBe(true)
    expect(heard('error')).toEqual([])
    await vi.advanceTimersByTimeAsync(2_000)

    expect(heard('track')).toHaveLength(1)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('takes a time limit of 0 for none', async () => {
    const { analytics, track, answer } = startClient({ replies: ['hang'] })
    track('a')
    const flushed = analytics.flush({ timeout: 0 })
    expect(await isSettled(flushed)).toBe(false)
    answer(200)

    expect(await isSettled(flushed)).toBe(true)
  })

  it('keeps what is being retried when its time is over, says how much, and delivers it later', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date', 'performance'] })
    const { analytics, track, sent, arguments: heard } = startClient({ replies: [503, 200] })
    track('a')
    const flushed = analytics.flush({ timeout: 100 })
    await vi.advanceTimersByTimeAsync(100)
    await flushed
    expect(warn.mock.calls).toEqual([['After 100 ms of flush 1 events are pending; they go on.']])
    expect(analytics.counts()).toMatchObject({ pending: 1, failed: 0 })
    await vi.advanceTimersByTimeAsync(5_000)

    expect(sent).toHaveLength(2)
    expect([heard('error').length, heard('track').length]).toEqual([0, 1])
  })

  it('takes null for a limit that is left out', async () => {
    const { analytics, track, sent } = startClient({ flushAt: 10 })
    track('a')
    await analytics.flush(null)
    track('b')
    await analytics.flush({ timeout: null })
    track('c')
    await analytics.closeAndFlush({ timeout: null })
    await analytics.closeAndFlush(null)

    expect(sent).toHaveLength(3)
  })

  it('takes a limit that came as text, from the environment for one', async () => {
    const { analytics, track, sent } = startClient({ flushAt: 10 })
    track('a')
    await analytics.closeAndFlush({ timeout: '5000' as unknown as number })

    expect(sent).toHaveLength(1)
  })

  it.each([-1, Number.NaN, 'soon'])('refuses %j as a time limit by name', async (timeout) => {
    const { analytics } = startClient()

    await expect(analytics.flush({ timeout: timeout as number })).rejects.toThrow(
      new ValidationError('timeout', 'is not a positive number of milliseconds'),
    )
  })

  it('warns when it is called while another flush is under way, and still does its work', async () => {
    const { analytics, track, answer, batches } = startClient({ replies: ['hang'] })
    track('a')
    const first = analytics.flush()
    await settled()
    track('b')
    const second = analytics.flush()
    await settled()
    expect(warn).toHaveBeenCalledTimes(1)
    expect(warn.mock.calls[0]?.[0]).toContain('Overlapping flush calls detected')
    expect(batches()).toEqual([['a'], ['b']])

    answer(200)
    expect(await isSettled(first)).toBe(true)
    expect(await isSettled(second)).toBe(false)
    answer(200)

    expect(await isSettled(second)).toBe(true)
  })

  it.each([
    ['switched off for the Tracking API', { integrations: { 'Segment.io': false } }],
    ['too large', { properties: { text: 'x'.repeat(40_000) } }],
    ['impossible to turn into JSON', { properties: { amount: 1n } }],
  ])('does not wait for an event that is %s', async (_, params) => {
    const { analytics, sent } = startClient({ flushAt: 10, flushInterval: 60_000 })
    analytics.track({ userId: 'u', event: 'a', ...params })
    await analytics.flush()

    expect(sent).toEqual([])
    expect(analytics.counts().pending).toBe(0)
  })

  it('waits for events that a slow plugin still holds, and sends them without delay', async () => {
    const { analytics, track, batches } = startClient({ flushAt: 10, flushInterval: 60_000 })
    let release = () => {}
    const gate = new Promise<void>((resolve) => {
      release = resolve
    })
    await analytics.register({
      name: 'slow',
      type: 'enrichment',
      isLoaded: () => true,
      load: async () => {},
      track: async (ctx) => {
        await gate
        return ctx
      },
    })
    track('a')
    const flushed = analytics.flush()
    expect(await isSettled(flushed)).toBe(false)
    release()
    await flushed

    expect(batches()).toEqual([['a']])
  })
})

describe('closing', () => {
  it('delivers what is left and accepts nothing more', async () => {
    const { analytics, track, batches, arguments: heard } = startClient({ flushAt: 10 })
    track('a')
    const closed = analytics.closeAndFlush()
    const callback = vi.fn()
    analytics.track({ userId: 'u', event: 'late' }, callback)
    await closed
    track('later')
    await settled()

    expect(batches()).toEqual([['a']])
    expect(heard('call_after_close')).toMatchObject([{ event: 'late' }, { event: 'later' }])
    expect(callback).not.toHaveBeenCalled()
  })

  it('gives the event of a late call as it would have been built, but not signed', async () => {
    const { analytics, arguments: heard } = startClient()
    await analytics.closeAndFlush()
    analytics.page({ anonymousId: 'a', name: 'Home', category: 'Site' })

    expect(heard('call_after_close')).toEqual([
      {
        timestamp: expect.any(Date),
        integrations: {},
        type: 'page',
        properties: { category: 'Site' },
        category: 'Site',
        name: 'Home',
        context: {},
        anonymousId: 'a',
        messageId: expect.stringMatching(/^node-next-\d+-/),
      },
    ])
  })

  it('does its work even while another flush is under way', async () => {
    const { analytics, track, answer, arguments: heard } = startClient({ replies: ['hang', 200], flushAt: 1 })
    track('a')
    const flushed = analytics.flush()
    const closed = analytics.closeAndFlush()
    await settled()
    expect(await isSettled(closed)).toBe(false)
    track('late')
    answer(200)
    await Promise.all([flushed, closed])

    expect(heard('track')).toHaveLength(1)
    expect(heard('call_after_close')).toHaveLength(1)
  })

  it('may be asked for again and again', async () => {
    const { analytics, track, answer, arguments: heard } = startClient({ replies: ['hang'] })
    track('a')
    const calls = [analytics.closeAndFlush(), analytics.closeAndFlush(), analytics.flush({ close: true })]
    await settled()
    answer(200)
    await Promise.all(calls)
    await analytics.closeAndFlush()

    expect(heard('track')).toHaveLength(1)
    expect(heard('drained')).toHaveLength(1)
  })

  it('has told of every undelivered event before it resolves when its time is up', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date', 'performance'] })
    const {
      analytics,
      track,
      arguments: heard,
      sent,
    } = startClient({
      replies: [500, 'hang'],
      maxConcurrentRequests: 1,
      flushAt: 1,
    })
    track('tried once')
    await settled()
    track('under way')
    await settled()
    track('waiting')
    const atResolve: unknown[] = []
    const closed = analytics.closeAndFlush({ timeout: 100 }).then(() => atResolve.push(...heard('error')))
    await settled()
    await vi.advanceTimersByTimeAsync(100)
    await closed

    expect(atResolve).toMatchObject(
      ['under way', 'tried once', 'waiting'].map((event) => ({
        code: 'delivery_failure',
        reason: { message: 'Flush timeout' },
        ctx: { event: { event } },
      })),
    )
    expect(heard('drained')).toHaveLength(1)
    expect(analytics.counts()).toEqual({
      accepted: 3,
      delivered: 0,
      failed: 3,
      dropped: 0,
      pending: 0,
      pendingBytes: 0,
    })
    await vi.advanceTimersByTimeAsync(600_000)
    expect(sent).toHaveLength(2)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('tells of events that a hanging plugin holds, too', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date', 'performance'] })
    const { analytics, track, arguments: heard } = startClient({ pluginTimeout: 0 })
    void analytics.register({
      name: 'hangs',
      type: 'before',
      isLoaded: () => false,
      load: () => new Promise(() => {}),
    })
    track('held')
    const callback = vi.fn(() => new Promise(() => {}))
    analytics.track({ userId: 'u', event: 'held with callback' }, callback)
    const closed = analytics.closeAndFlush({ timeout: 100 })
    await settled()
    await vi.advanceTimersByTimeAsync(100)
    await closed

    expect(heard('error')).toMatchObject([
      { reason: { message: 'Flush timeout' } },
      { reason: { message: 'Flush timeout' } },
    ])
    expect(callback).toHaveBeenCalledTimes(1)
    expect(callback).toHaveBeenCalledWith(new Error('Flush timeout'), expect.anything())
    expect(vi.getTimerCount()).toBe(0)
  })

  it('tells a callback once, though the plugin that held its event goes on afterwards', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date', 'performance'] })
    const { analytics, arguments: heard } = startClient({ pluginTimeout: 0 })
    let goOn = (_answer: null) => {}
    await analytics.register({
      name: 'holds',
      type: 'enrichment',
      version: '1.0.0',
      isLoaded: () => true,
      load: async () => {},
      track: () =>
        new Promise<null>((resolve) => {
          goOn = resolve
        }),
    })
    const callback = vi.fn()
    analytics.track({ userId: 'u', event: 'held' }, callback)
    const closed = analytics.closeAndFlush({ timeout: 100 })
    await settled()
    await vi.advanceTimersByTimeAsync(100)
    await closed
    goOn(null)
    await settled()

    expect(callback.mock.calls).toMatchObject([[{ message: 'Flush timeout' }, {}]])
    expect(heard('error')).toHaveLength(1)
    expect(heard('dropped')).toEqual([])
    expect(analytics.counts()).toMatchObject({ accepted: 1, failed: 1, dropped: 0, pending: 0 })
  })

  it.each([
    [undefined, 75_000],
    [10_000, 75_000],
    [120_000, 150_000],
  ])('waits, with a flush interval of %s ms, for %d ms', async (flushInterval, timeout) => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date', 'performance'] })
    const { analytics, track } = startClient({
      replies: ['hang'],
      flushInterval,
      httpRequestTimeout: 10_000_000,
    })
    track('a')
    const closed = analytics.closeAndFlush()
    await settled()
    await vi.advanceTimersByTimeAsync(timeout - 1)
    expect(await isSettled(closed)).toBe(false)
    await vi.advanceTimersByTimeAsync(1)

    expect(await isSettled(closed)).toBe(true)
  })

  it('happens at the end of a block that uses the client', async () => {
    const { analytics, track, batches } = startClient({ flushAt: 10 })
    track('a')
    await analytics[Symbol.asyncDispose]()
    track('late')

    expect(batches()).toEqual([['a']])
  })

  it('works when the method is taken off the client, also off one of a class of yours', async () => {
    class Mine extends Analytics {}
    const { closeAndFlush, track } = new Mine({ writeKey: 'k', disable: true })
    track({ userId: 'u', event: 'a' })

    await expect(closeAndFlush()).resolves.toBeUndefined()
  })
})

describe('a process that only tracks', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date', 'performance'] }))

  it('is kept alive by one timer until its events are sent, and then by none', async () => {
    const { track, batches } = startClient({ flushAt: 10, flushInterval: 3_000 })
    track('a')
    track('b')
    expect(vi.getTimerCount()).toBe(1)
    await vi.advanceTimersByTimeAsync(3_000)

    expect(batches()).toEqual([['a', 'b']])
    expect(vi.getTimerCount()).toBe(0)
  })
})
