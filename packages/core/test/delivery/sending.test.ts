import { settled } from '@sluice/testing'
import { describe, expect, it } from 'vitest'
import { startDelivery } from './start-delivery'

describe('given a server that fails in passing', () => {
  it('sends the same batch again, later and later, saying how often it was sent before', async () => {
    const { add, clock, requests, retryCounts, end } = startDelivery({ replies: [503, 'reset', 408, 200] })
    add(1)
    await settled()
    await clock.advance(1_499)
    expect(requests()).toHaveLength(1)
    await clock.advance(1)
    expect(requests()).toHaveLength(2)
    await clock.advance(2_999)
    expect(requests()).toHaveLength(2)
    await clock.advance(1)
    expect(requests()).toHaveLength(3)
    await clock.advance(6_000)

    expect(requests()).toEqual(['1', '1', '1', '1'])
    expect(retryCounts()).toEqual([0, 1, 2, 3])
    expect(end(1)).toBe('delivered')
    expect(clock.timers).toBe(0)
  })

  it('gives up after so many retries, with the last reason', async () => {
    const { add, clock, requests, end } = startDelivery({
      replies: [500, 500, 502],
      policy: { maxRetries: 2 },
    })
    add(1)
    await clock.advance(60_000)

    expect(requests()).toHaveLength(3)
    expect(end(1)).toBe('[502] Status 502')
    expect(clock.timers).toBe(0)
  })

  it('does not try again at all when it may not', async () => {
    const { add, clock, requests, end } = startDelivery({ replies: ['reset'], policy: { maxRetries: 0 } })
    add(1)
    await clock.advance(60_000)

    expect(requests()).toHaveLength(1)
    expect(end(1)).toBe('connection reset')
  })

  it('gives up when the first failure is too long ago', async () => {
    const { add, clock, requests, end } = startDelivery({
      replies: [500],
      policy: { maxTotalBackoffMs: 4_000 },
    })
    add(1)
    await clock.advance(3_600_000)

    // At 0, 1.5 and 4.5 s; the last of them is the first one beyond four seconds.
    expect(requests()).toHaveLength(3)
    expect(end(1)).toBe('[500] Status 500')
  })

  it('waits as long as the server says, whatever the status', async () => {
    const { add, clock, requests } = startDelivery({
      replies: [{ status: 503, headers: { 'retry-after': '30' } }, 200],
    })
    add(1)
    await clock.advance(29_999)
    expect(requests()).toHaveLength(1)
    await clock.advance(1)

    expect(requests()).toHaveLength(2)
  })

  it('takes a transport that throws for a failed request', async () => {
    const { add, clock, end } = startDelivery({
      policy: { maxRetries: 1 },
      transport: {
        exchange() {
          throw new Error('no transport today')
        },
      },
    })
    add(1)
    await clock.advance(10_000)

    expect(end(1)).toBe('no transport today')
  })
})

describe('given a server that refuses a batch', () => {
  it('fails its events at once and harms no other', async () => {
    const { add, end, requests } = startDelivery({ replies: [400, 200], batches: { maxEvents: 2 } })
    add(1, 2, 3, 4)
    await settled()

    expect(requests()).toEqual(['1 2', '3 4'])
    expect([end(1), end(2), end(3), end(4)]).toEqual([
      '[400] Status 400',
      '[400] Status 400',
      'delivered',
      'delivered',
    ])
  })
})

describe('given a server that finds a batch too large', () => {
  it('halves it until it passes', async () => {
    const { add, end, requests, clock } = startDelivery({
      replies: [413, 413, 200],
      batches: { maxEvents: 4 },
    })
    add(1, 2, 3, 4)
    await clock.advance(10)

    expect(requests()).toEqual(['1 2 3 4', '1 2', '3 4', '1', '2'])
    expect([1, 2, 3, 4].map(end)).toEqual(Array(4).fill('delivered'))
  })

  it('makes smaller batches from then on', async () => {
    const { add, requests, clock } = startDelivery({ replies: [413, 200], batches: { maxEvents: 4 } })
    add(1, 2, 3, 4)
    await clock.advance(10)
    add(5, 6, 7, 8)
    await clock.advance(10_000)

    const later = requests().slice(3)
    expect(later.join(' ')).toBe('5 6 7 8')
    expect(Math.max(...later.map((ids) => ids.split(' ').length))).toBeLessThan(4)
  })

  it('fails an event that is too large all by itself', async () => {
    const { add, end, requests } = startDelivery({ replies: [413] })
    add(1)
    await settled()

    expect(requests()).toHaveLength(1)
    expect(end(1)).toBe('[413] Status 413')
  })
})

describe('given a server that says 429 with Retry-After', () => {
  const limited = (seconds: string) => ({ status: 429, headers: { 'retry-after': seconds } })

  it('sends nothing until the time is over, then one batch, then everything', async () => {
    const { add, clock, requests } = startDelivery({ replies: [limited('3'), 'hang', 200], maxInFlight: 4 })
    add(1)
    await settled()
    add(2, 3)
    await clock.advance(2_999)
    expect(requests()).toEqual(['1'])

    await clock.advance(1)

    expect(requests()).toEqual(['1', '1'])
  })

  it('goes on with what was put together meanwhile once the server is well', async () => {
    const { add, clock, requests, end } = startDelivery({ replies: [limited('3'), 200], maxInFlight: 1 })
    add(1)
    await settled()
    add(2, 3, 4)
    await clock.advance(3_000)

    expect(requests()).toEqual(['1', '1', '2 3 4'])
    expect([1, 2, 3, 4].map(end)).toEqual(Array(4).fill('delivered'))
    expect(clock.timers).toBe(0)
  })

  it('waits a second at least', async () => {
    const { add, clock, requests } = startDelivery({ replies: [limited('0'), 200] })
    add(1)
    await clock.advance(999)
    expect(requests()).toHaveLength(1)
    await clock.advance(1)

    expect(requests()).toHaveLength(2)
  })

  it('is not moved to go on earlier by a request that was under way before', async () => {
    const { add, clock, transport, requests } = startDelivery({ replies: ['hang', limited('10'), 200] })
    add(1, 2)
    await settled()
    transport.answer(200)
    await settled()
    add(3)
    await clock.advance(9_999)

    expect(requests()).toEqual(['1', '2'])
  })

  it('does not count such a refusal as a retry, but does not go on for ever either', async () => {
    const { add, clock, requests, end } = startDelivery({
      replies: [limited('1')],
      policy: { maxRetries: 0 },
    })
    add(1)
    await clock.advance(100_000)

    expect(requests()).toHaveLength(21)
    expect(end(1)).toBe('[429] Status 429')
  })

  it('gives up every batch that was refused once that has gone on for too long', async () => {
    const { add, clock, transport, end } = startDelivery({
      replies: ['hang', 'hang', limited('60')],
      policy: { maxRateLimitMs: 90_000 },
      maxInFlight: 2,
    })
    add(1, 2)
    await settled()
    transport.answer(limited('60'))
    transport.answer(limited('60'))
    await clock.advance(89_999)
    expect([end(1), end(2)]).toEqual(['on its way', 'on its way'])

    await clock.advance(1)

    expect([end(1), end(2)]).toEqual(Array(2).fill('Rate limit duration exceeded'))
    expect(clock.timers).toBe(0)
  })

  it('begins a new account of that time after a success', async () => {
    const { add, clock, end } = startDelivery({
      replies: [limited('60'), 200, limited('60'), 200],
      policy: { maxRateLimitMs: 90_000 },
    })
    add(1)
    await clock.advance(60_000)
    add(2)
    await clock.advance(60_000)

    expect([end(1), end(2)]).toEqual(['delivered', 'delivered'])
  })
})

describe('given a server that says 429 without Retry-After', () => {
  it('counts it and quiets everything for the length of a retry', async () => {
    const { add, clock, requests } = startDelivery({ replies: [429, 200] })
    add(1)
    await settled()
    add(2)
    await clock.advance(1_499)
    expect(requests()).toEqual(['1'])
    await clock.advance(1)

    expect(requests()).toEqual(['1', '1', '2'])
  })
})

describe('given a server that is down', () => {
  it('makes few requests and keeps everything else together, with one timer', async () => {
    const { add, clock, transport, requests } = startDelivery({ replies: ['reset'], maxInFlight: 4 })
    for (let second = 0; second < 30; second++) {
      add(...Array.from({ length: 100 }, (_, index) => `${second}-${index}`))
      await clock.advance(1_000)
      expect(clock.timers).toBe(1)
      expect(transport.open).toBe(0)
    }

    expect(new Set(requests()).size).toBeLessThanOrEqual(6)
    expect(requests().length).toBeLessThan(30)
  })

  it('delivers everything soon after it is back', async () => {
    const replies = [...Array(8).fill('reset'), 200]
    const { add, clock, end, requests } = startDelivery({ replies, maxInFlight: 4 })
    const ids = Array.from({ length: 1_000 }, (_, index) => index)
    add(...ids)
    while (requests().length < 9) await clock.advance(100)

    expect(ids.map(end)).toEqual(Array(1_000).fill('delivered'))
    expect(clock.timers).toBe(0)
  })

  it('tries one batch at a time', async () => {
    const { add, clock, transport } = startDelivery({
      replies: ['reset', 'reset', 'reset', 'hang'],
      maxInFlight: 3,
    })
    add(1, 2, 3, 4, 5)
    await clock.advance(10_000)

    expect(transport.open).toBe(1)
  })

  it('lets nobody suffer for a neighbour: one batch that always fails does not stop the others', async () => {
    const bad = 'bad'
    const { add, clock, end } = startDelivery({
      transport: {
        exchange: (request) => ({
          answer: Promise.resolve({
            status: request.body === bad ? 500 : 200,
            statusText: '',
            header: () => undefined,
          }),
          abort() {},
        }),
      },
    })
    add(bad)
    for (let index = 0; index < 50; index++) {
      add(index)
      await clock.advance(1_000)
      expect(end(index)).toBe('delivered')
    }

    expect(end(bad)).toBe('on its way')
  })
})

describe('given no network', () => {
  it('sends nothing, and everything once it is back', async () => {
    let isOnline = false
    let wake = () => {}
    const lifecycle = {
      isOnline: () => isOnline,
      onOnline(run: () => void) {
        wake = run
        return () => {}
      },
      onLeave: () => () => {},
    }
    const { add, clock, end, requests } = startDelivery({ lifecycle, maxInFlight: 1 })
    add(1, 2, 3)
    await clock.advance(60_000)
    expect(requests()).toEqual([])
    expect(clock.timers).toBe(0)

    isOnline = true
    wake()
    await settled()

    expect(requests()).toEqual(['1 2 3'])
    expect([1, 2, 3].map(end)).toEqual(Array(3).fill('delivered'))
  })
})

describe('given up by its owner', () => {
  it('ends what is under way, what waits to be tried again and what was never sent, each once', async () => {
    const { add, clock, delivery, transport, end } = startDelivery({
      replies: [500, 'hang'],
      maxInFlight: 1,
      batches: { maxEvents: 1 },
    })
    add('failed once')
    await settled()
    add('under way')
    await settled()
    add('waiting')
    expect(transport.open).toBe(1)

    delivery.fail(new Error('Flush timeout'))

    expect(['failed once', 'under way', 'waiting'].map(end)).toEqual(Array(3).fill('Flush timeout'))
    expect(transport.open).toBe(0)
    expect(delivery.held).toEqual({ events: 0, bytes: 0 })
    await clock.advance(60_000)
    expect(clock.timers).toBe(0)
  })

  it('takes new events afterwards', async () => {
    const { add, delivery, end, transport } = startDelivery({ replies: ['hang', 200] })
    add(1)
    await settled()
    delivery.fail(new Error('enough'))
    add(2)
    await settled()

    expect([end(1), end(2)]).toEqual(['enough', 'delivered'])
    expect(transport.sent).toHaveLength(2)
  })

  it('does not send a batch that was about to be sent', async () => {
    const { add, delivery, transport, end } = startDelivery()
    add(1)
    delivery.fail(new Error('enough'))
    await settled()

    expect(transport.sent).toEqual([])
    expect(end(1)).toBe('enough')
  })
})
