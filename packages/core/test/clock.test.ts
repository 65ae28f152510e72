import { clockContract } from '@sluice/testing'
import { afterEach, expect, it, vi } from 'vitest'
import { hostClock } from '../src/internal'

clockContract(
  'the host’s clock',
  () => hostClock,
  (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
)

afterEach(() => void vi.useRealTimers())

it('sees timers that were replaced after it was imported', () => {
  vi.useFakeTimers({ now: 1_000 })
  const ran: number[] = []
  hostClock.after(50, () => ran.push(hostClock.now()))
  vi.advanceTimersByTime(50)

  expect(ran).toEqual([1_050])
})
