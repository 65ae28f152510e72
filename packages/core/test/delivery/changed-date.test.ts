import { describe, expect, it } from 'vitest'
import { startDelivery } from './start-delivery'

const changes: [string, (now: number) => number][] = [
  ['is set back ten minutes', (now) => now - 600_000],
  ['is set forward a year', (now) => now + 31_536_000_000],
  ['is no number any more', () => Number.NaN],
]

describe.each(changes)('given a date that %s', (_, changed) => {
  it('a batch is tried again when its wait is over, no sooner and no later', async () => {
    const { add, clock, requests, end } = startDelivery({ replies: [503, 200] })
    add(1)
    await clock.advance(0)
    clock.setDate(changed(clock.now()))
    await clock.advance(1_499)
    expect(requests()).toHaveLength(1)
    await clock.advance(1)

    expect(requests()).toHaveLength(2)
    expect(end(1)).toBe('delivered')
    expect(clock.timers).toBe(0)
  })

  it('a pause that the server asked for ends in time, and later events go', async () => {
    const replies = [{ status: 429, headers: { 'retry-after': '3' } }, 200]
    const { add, clock, requests, end } = startDelivery({ replies })
    add(1)
    await clock.advance(0)
    clock.setDate(changed(clock.now()))
    add(2)
    await clock.advance(2_999)
    expect(requests()).toHaveLength(1)
    await clock.advance(1)

    expect([end(1), end(2)]).toEqual(['delivered', 'delivered'])
  })

  it('limits of retries last as long as they say', async () => {
    const { add, clock, requests } = startDelivery({ replies: [500], policy: { maxTotalBackoffMs: 4_000 } })
    add(1)
    await clock.advance(0)
    clock.setDate(changed(clock.now()))
    await clock.advance(3_600_000)

    // At 0, 1.5 and 4.5 s.
    expect(requests()).toHaveLength(3)
  })
})

it('a date in Retry-After is read by the date of now', async () => {
  const { add, clock, requests } = startDelivery({
    replies: [{ status: 503, headers: { 'retry-after': 'Thu, 01 Jan 2026 00:00:10 GMT' } }, 200],
  })
  add(1)
  await clock.advance(9_999)
  expect(requests()).toHaveLength(1)
  await clock.advance(1)

  expect(requests()).toHaveLength(2)
})
