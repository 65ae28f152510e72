import { settled } from '@sluice/testing'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { startClient } from './support/start-client'

afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

describe('the wait before a retry', () => {
  it.each([
    [0, [1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]],
    [0.999_999, [2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000]],
  ])('doubles from one or two seconds up to a minute (jitter %d)', async (jitter, delays) => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date', 'performance'] })
    vi.spyOn(Math, 'random').mockReturnValue(jitter)
    const { track, sent } = startClient({ replies: [500] })
    track('a')
    await settled()
    for (const [index, delay] of delays.entries()) {
      await vi.advanceTimersByTimeAsync(delay - 1)
      expect(sent).toHaveLength(index + 1)
      await vi.advanceTimersByTimeAsync(1)
      expect(sent).toHaveLength(index + 2)
    }
  })
})
