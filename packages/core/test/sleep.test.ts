import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { sleep } from '../src'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

it('resolves when the time is over, with nothing', async () => {
  const ends: unknown[] = []
  void sleep(50).then((value) => ends.push(value))
  await vi.advanceTimersByTimeAsync(49)
  expect(ends).toEqual([])

  await vi.advanceTimersByTimeAsync(1)

  expect(ends).toEqual([undefined])
})
