import { afterEach, describe, expect, it, vi } from 'vitest'
import { startClient } from './support/start-client'

afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

describe.each<[string, (now: number) => number]>([
  ['stands still', (now) => now],
  ['was set back ten minutes', (now) => now - 600_000],
  ['is no number', () => Number.NaN],
])('given a Date.now that %s', (_, changed) => {
  it.each<[string, string[]]>([
    ['alone', ['setTimeout', 'clearTimeout']],
    ['and a monotonic clock that stands still as well', ['setTimeout', 'clearTimeout', 'performance']],
  ])('retries come, and flush resolves (%s)', async (_also, toFake) => {
    vi.useFakeTimers({ toFake: toFake as ['setTimeout'] })
    if (toFake.length > 2) vi.spyOn(performance, 'now').mockReturnValue(7)
    const { analytics, track, sent, names } = startClient({ replies: [503, 200] })
    vi.spyOn(Date, 'now').mockReturnValue(changed(Date.now()))
    track('a')
    const flushed = analytics.flush()
    await vi.advanceTimersByTimeAsync(2_001)
    await flushed

    expect(sent).toHaveLength(2)
    expect(names()).toContain('track')
  })
})
