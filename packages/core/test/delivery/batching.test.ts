import { settled } from '@sluice/testing'
import { describe, expect, it } from 'vitest'
import { startDelivery } from './start-delivery'

describe('batches', () => {
  it('go out when they are full', async () => {
    const { add, requests } = startDelivery({ batches: { maxEvents: 3 } })
    add(1, 2, 3, 4, 5, 6, 7)
    await settled()

    expect(requests()).toEqual(['1 2 3', '4 5 6'])
  })

  it('go out when the first event has waited long enough', async () => {
    const { add, clock, requests } = startDelivery({ batches: { maxEvents: 3, maxWaitMs: 5_000 } })
    add(1)
    await clock.advance(3_000)
    add(2)
    await clock.advance(1_999)
    expect(requests()).toEqual([])

    await clock.advance(1)

    expect(requests()).toEqual(['1 2'])
  })

  it('leave no timer behind when nothing waits', async () => {
    const { add, clock } = startDelivery({ batches: { maxEvents: 2 } })
    add(1)
    expect(clock.timers).toBe(1)
    add(2)
    await settled()

    expect(clock.timers).toBe(0)
  })

  it('are sent after the call that filled them, not within it', async () => {
    const { add, requests } = startDelivery()
    add(1)
    expect(requests()).toEqual([])
    await settled()

    expect(requests()).toEqual(['1'])
  })

  it('go out when the next event would make them too large, without that event', async () => {
    const { addSized, requests, clock } = startDelivery({ batches: { maxEvents: 10, maxBytes: 1_000 } })
    addSized('a', 600)
    addSized('b', 300)
    addSized('c', 99)
    await settled()
    expect(requests()).toEqual(['a b'])

    await clock.advance(10_000)

    expect(requests()).toEqual(['a b', 'c'])
  })

  it('may be filled to the last byte, commas included', async () => {
    const { addSized, delivery, requests } = startDelivery({ batches: { maxEvents: 10, maxBytes: 1_001 } })
    addSized('a', 500)
    addSized('b', 500)
    delivery.flush()
    await settled()

    expect(requests()).toEqual(['a b'])
  })

  it('take an event that is larger than a batch may be, alone', async () => {
    const { addSized, requests, delivery } = startDelivery({ batches: { maxEvents: 10, maxBytes: 1_000 } })
    addSized('huge', 5_000)
    addSized('small', 10)
    delivery.flush()
    await settled()

    expect(requests()).toEqual(['huge', 'small'])
  })

  it('keep the order of events', async () => {
    const { add, delivery, requests } = startDelivery({ batches: { maxEvents: 100 } })
    const ids = Array.from({ length: 250 }, (_, index) => index)
    add(...ids)
    delivery.flush()
    await settled()

    expect(requests().join(' ')).toBe(ids.join(' '))
  })

  it('go out at once when somebody flushes, or waits for one of their events', async () => {
    const { add, addAwaited, delivery, requests } = startDelivery({ batches: { maxEvents: 100 } })
    add(1, 2)
    delivery.flush()
    add(3)
    await settled()
    expect(requests()).toEqual(['1 2'])

    addAwaited('4')
    addAwaited('5')
    await settled()

    expect(requests()).toEqual(['1 2', '3 4 5'])
  })

  it('tell what they held before their events hear of their end', async () => {
    const { add, ended } = startDelivery({ batches: { maxEvents: 2 }, replies: [200, 400] })
    add(1, 2, 3, 4)
    await settled()

    expect(ended).toEqual([
      { ids: ['1', '2'], failed: false },
      { ids: ['3', '4'], failed: true },
    ])
  })
})

describe('while all requests are under way', () => {
  it('makes batches larger, not more of them', async () => {
    const { add, transport, requests } = startDelivery({
      replies: ['hang', 'hang', 200],
      maxInFlight: 2,
      batches: { maxEvents: 2 },
    })
    add(1, 2, 3, 4)
    await settled()
    add(5, 6, 7, 8, 9)
    await settled()
    expect(requests()).toEqual(['1 2', '3 4'])

    transport.answer(200)
    await settled()

    expect(requests()).toEqual(['1 2', '3 4', '5 6 7 8 9'])
  })

  it('puts the rest into the last request when one call after the other fills more than there are', async () => {
    const { add, requests } = startDelivery({ replies: ['hang'], maxInFlight: 3, batches: { maxEvents: 2 } })
    add(1, 2, 3, 4, 5, 6, 7, 8, 9)
    await settled()

    expect(requests()).toEqual(['1 2', '3 4', '5 6 7 8 9'])
  })

  it('leaves batches as they are when there are requests for all of them', async () => {
    const { add, requests } = startDelivery({ replies: ['hang'], maxInFlight: 3, batches: { maxEvents: 2 } })
    add(1, 2, 3, 4, 5, 6, 7)
    await settled()

    expect(requests()).toEqual(['1 2', '3 4', '5 6'])
  })

  it('fills a batch no further than its bytes and its number of events allow', async () => {
    const { add, addSized, transport, requests } = startDelivery({
      replies: ['hang', 200],
      maxInFlight: 1,
      batches: { maxEvents: 1, maxBytes: 1_000, hardMaxEvents: 4 },
    })
    add(1)
    addSized('a', 900)
    addSized('b', 900)
    for (const id of ['c', 'd', 'e', 'f', 'g']) addSized(id, 10)
    await settled()
    transport.answer(200)
    await settled()

    expect(requests()).toEqual(['1', 'a', 'b c d e', 'f g'])
  })

  it('never makes more requests than it may', async () => {
    const { add, transport } = startDelivery({ replies: ['hang'], maxInFlight: 3 })
    add(...Array.from({ length: 50 }, (_, index) => index))
    await settled()

    expect(transport.open).toBe(3)
  })
})

describe('the bounded queue', () => {
  it('refuses what does not fit, and says why', async () => {
    const { add, delivery, end } = startDelivery({ replies: ['hang'], bounds: { maxEvents: 3 } })
    add(1, 2, 3, 4)
    await settled()

    expect(end(4)).toBe('Event dropped: the queue of unsent events is full (3 events)')
    expect([end(1), end(2), end(3)]).toEqual(['on its way', 'on its way', 'on its way'])
    expect(delivery.held.events).toBe(3)
  })

  it('counts bytes as well', async () => {
    const { addSized, delivery, end } = startDelivery({ replies: ['hang'], bounds: { maxBytes: 250 } })
    addSized('a', 100)
    addSized('b', 150)
    addSized('c', 1)
    await settled()

    expect(end('c')).toBe('Event dropped: the queue of unsent events is full (250 bytes)')
    expect(delivery.held).toEqual({ events: 2, bytes: 250 })
  })

  it('has room again once events have ended', async () => {
    const { add, transport, delivery, end } = startDelivery({
      replies: ['hang', 200],
      bounds: { maxEvents: 1 },
    })
    add(1)
    await settled()
    transport.answer(200)
    await settled()
    add(2)
    await settled()

    expect([end(1), end(2)]).toEqual(['delivered', 'delivered'])
    expect(delivery.held).toEqual({ events: 0, bytes: 0 })
  })

  it('lets go of those that wait longest if told to, but of none that are under way', async () => {
    const { add, end } = startDelivery({
      replies: ['hang'],
      maxInFlight: 1,
      bounds: { maxEvents: 3, overflow: 'drop-oldest' },
    })
    add('under way')
    await settled()
    add('a', 'b', 'c', 'd')
    await settled()

    expect(end('under way')).toBe('on its way')
    expect([end('a'), end('b')]).toEqual(
      Array(2).fill('Event dropped: the queue of unsent events is full (3 events)'),
    )
    expect([end('c'), end('d')]).toEqual(['on its way', 'on its way'])
  })

  it('refuses the newest after all when everything older is under way', async () => {
    const { add, end } = startDelivery({
      replies: ['hang'],
      bounds: { maxEvents: 2, overflow: 'drop-oldest' },
    })
    add(1, 2)
    await settled()
    add(3)

    expect(end(3)).toMatch('queue of unsent events is full')
  })
})

describe('the outbox', () => {
  it('holds each event from its encoding until its end', async () => {
    const kept = new Map<string, string>()
    const outbox = {
      put: (id: string, json: string) => kept.set(id, json).size > 0,
      remove: (id: string) => void kept.delete(id),
    }
    const { add, transport } = startDelivery({ outbox, replies: ['hang', 400] })
    add(1, 2)
    await settled()
    expect(Object.fromEntries(kept)).toEqual({ 1: '{"id":"1"}' })

    transport.answer(200)
    await settled()

    expect(kept.size).toBe(0)
  })

  it('is not troubled with events that were refused', () => {
    const kept: string[] = []
    const outbox = { put: (id: string) => kept.push(id) > 0, remove() {} }
    const { add } = startDelivery({ outbox, replies: ['hang'], bounds: { maxEvents: 1 } })
    add(1, 2)

    expect(kept).toEqual(['1'])
  })
})
