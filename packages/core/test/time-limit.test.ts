import { createFakeClock, settled } from '@sluice/testing'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createDeferred, pTimeout, TimeLimitError } from '../src'
import { withTimeLimit } from '../src/flow/time-limit'

const never = new Promise<never>(() => {})

describe('withTimeLimit', () => {
  function startWaiting<T>(promise: PromiseLike<T>, ms: number) {
    const clock = createFakeClock()
    const ends: unknown[] = []
    withTimeLimit(promise, { clock, ms }, 'load of plugin P').then(
      (value) => ends.push(value),
      (reason) => ends.push(reason),
    )
    return { clock, ends }
  }

  const thenable = (): PromiseLike<string> => {
    const { promise, resolve } = createDeferred<string>()
    resolve('in time')
    // biome-ignore lint/suspicious/noThenProperty: that is all that a thenable can do
    return { then: (ok, failed) => promise.then(ok, failed) }
  }

  it('says what was too slow, when the time is up and not before', async () => {
    const { clock, ends } = startWaiting(never, 500)
    await clock.advance(499)
    expect(ends).toEqual([])

    await clock.advance(1)

    expect(ends).toEqual([new TimeLimitError('load of plugin P', 500)])
    expect(ends[0]).toMatchObject({
      name: 'TimeLimitError',
      message: 'load of plugin P did not finish within 500 ms',
    })
  })

  it.each<[string, () => PromiseLike<unknown>, string]>([
    ['a value', async () => 'in time', 'in time'],
    ['a failure', () => Promise.reject('its own'), 'its own'],
    ['the value of a thenable', thenable, 'in time'],
  ])('passes on %s that comes in time, and leaves no timer behind', async (_, run, expected) => {
    const { clock, ends } = startWaiting(run(), 500)
    await settled()

    expect(ends).toEqual([expected])
    expect(clock.timers).toBe(0)
  })

  it('ignores what comes too late', async () => {
    const late = createDeferred<string>()
    const { clock, ends } = startWaiting(late.promise, 500)
    await clock.advance(500)
    late.reject(new Error('late'))
    await settled()

    expect(ends).toEqual([expect.any(TimeLimitError)])
  })

  it('waits for ever when the limit is 0', async () => {
    const { clock, ends } = startWaiting(never, 0)
    await clock.advance(1e9)

    expect(ends).toEqual([])
    expect(clock.timers).toBe(0)
  })
})

describe('pTimeout', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it('settles like the promise, and leaves no timer behind', async () => {
    expect(await pTimeout(Promise.resolve(1), 10)).toBe(1)
    await expect(pTimeout(Promise.reject(new Error('mine')), 10)).rejects.toThrow('mine')

    expect(vi.getTimerCount()).toBe(0)
  })

  it('rejects when the time is up', async () => {
    const failure = expect(pTimeout(never, 10)).rejects.toEqual(new Error('Promise timed out'))
    await vi.advanceTimersByTimeAsync(10)
    await failure
  })

  it('takes 0 for no time at all', async () => {
    const failure = expect(pTimeout(never, 0)).rejects.toThrow('Promise timed out')
    await vi.advanceTimersByTimeAsync(0)
    await failure
  })
})
