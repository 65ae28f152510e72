import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createLeaveLater } from '../../src/auto-track/leave-later'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

it('leaves the page in a task of its own: browsers ignore a submission made within another, and say nothing', async () => {
  const go = vi.fn()
  createLeaveLater()(Promise.resolve(), go)

  for (let turn = 0; turn < 20; turn++) await Promise.resolve()
  expect(go).not.toHaveBeenCalled()

  await vi.advanceTimersByTimeAsync(0)
  expect(go).toHaveBeenCalledOnce()
})
