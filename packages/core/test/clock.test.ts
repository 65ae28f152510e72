import { clockContract } from '@sluice/testing'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { hostClock } from '../src/internal'

clockContract(
  'the host’s clock',
  () => hostClock,
  (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  (ms) => {
    const date = vi.spyOn(Date, 'now').mockReturnValue(ms)
    return () => date.mockRestore()
  },
)

afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
})

it('sees timers that were replaced after it was imported', () => {
  vi.useFakeTimers({ now: 1_000 })
  const ran: number[] = []
  hostClock.after(50, () => ran.push(hostClock.now()))
  vi.advanceTimersByTime(50)

  expect(ran).toEqual([1_050])
})

describe('given a host whose clocks cannot be relied on', () => {
  it.each<[string, () => number]>([
    ['stands still', () => 7],
    ['answers no number', () => Number.NaN],
  ])('takes the time of a timer that fired for over when even its monotonic clock %s', (_, broken) => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    vi.spyOn(performance, 'now').mockImplementation(broken)
    const start = hostClock.elapsed()
    const seen: number[] = []
    hostClock.after(50, () => seen.push(hostClock.elapsed()))
    hostClock.after(80, () => seen.push(hostClock.elapsed()))
    vi.advanceTimersByTime(80)

    expect(seen).toEqual([start + 50, start + 80])
  })

  it('never goes back, when there is no monotonic clock and the date is set back', () => {
    vi.stubGlobal('performance', undefined)
    const date = vi.spyOn(Date, 'now').mockReturnValue(2e12)
    const start = hostClock.elapsed()
    date.mockReturnValue(1e12)

    expect(hostClock.elapsed()).toBe(start)
  })

  it('goes on from where it was when timers and clocks are replaced by some that begin anew', () => {
    const start = hostClock.elapsed()
    vi.useFakeTimers()
    vi.advanceTimersByTime(40)
    hostClock.elapsed()
    vi.advanceTimersByTime(60)

    expect(hostClock.elapsed() - start).toBeGreaterThanOrEqual(60)
  })
})
