import { createFakeClock, createScriptedTransport, settled } from '@sluice/testing'
import { describe, expect, it } from 'vitest'
import type { Transport } from '../../src/internal'
import { startDelivery } from './start-delivery'

/** A transport that makes so many requests on leaving and refuses the rest, as a page whose budget is used up. */
function withBudget(requests: number, ...replies: Parameters<typeof createScriptedTransport>) {
  const transport = createScriptedTransport(...replies)
  let left = requests
  const limited: Transport = {
    exchange(request) {
      if (request.isLeaving && left-- <= 0) return undefined
      return transport.exchange(request)
    },
  }
  return { transport: limited, sent: transport.sent, answer: transport.answer }
}

describe('on leaving', () => {
  it('sends what is waiting within the call, however few there are', () => {
    const { transport, sent } = withBudget(9)
    const { add, delivery } = startDelivery({ transport, batches: { maxEvents: 10 } })
    add(1, 2)
    delivery.leave()

    expect(sent.map(({ body, isLeaving }) => [body, isLeaving])).toEqual([['1 2', true]])
  })

  it('makes more requests than usual, each small enough to outlive the page', () => {
    const { transport, sent } = withBudget(9, 'hang')
    const { addSized, delivery } = startDelivery({
      transport,
      maxInFlight: 1,
      batches: { maxEvents: 10, maxLeavingBytes: 250 },
    })
    for (const id of ['a', 'b', 'c', 'd', 'e']) addSized(id, 100)
    delivery.leave()

    expect(sent.map(({ body }) => body)).toEqual(['a b', 'c d', 'e'])
  })

  it('keeps what the transport refuses, for an ordinary request if the page lives on', async () => {
    const { transport, sent } = withBudget(1)
    const { addSized, delivery, end } = startDelivery({
      transport,
      batches: { maxEvents: 10, maxLeavingBytes: 150 },
    })
    for (const id of ['a', 'b', 'c']) addSized(id, 100)
    delivery.leave()
    await settled()

    expect(sent.map(({ body, isLeaving, retryCount }) => [body, isLeaving, retryCount])).toEqual([
      ['a', true, 0],
      ['b', false, 0],
      ['c', false, 0],
    ])
    expect(['a', 'b', 'c'].map(end)).toEqual(Array(3).fill('delivered'))
  })

  it('sends nothing twice, however often the page is hidden and shown', async () => {
    const { transport, sent, answer } = withBudget(9, 'hang')
    const { add, delivery, end, clock } = startDelivery({ transport, batches: { maxEvents: 10 } })
    add(1, 2)
    for (let count = 0; count < 3; count++) {
      delivery.leave()
      await clock.advance(20_000)
    }
    answer(200)
    await settled()

    expect(sent).toHaveLength(1)
    expect([end(1), end(2)]).toEqual(['delivered', 'delivered'])
    expect(clock.timers).toBe(0)
  })

  it('leaves a server alone that asked for a pause, and one that is ill', async () => {
    for (const reply of [{ status: 429, headers: { 'retry-after': '60' } }, 'reset'] as const) {
      const { transport, sent } = withBudget(9, reply)
      const { add, delivery, clock } = startDelivery({ transport })
      add(1, 2, 3)
      await clock.advance(100)
      const before = sent.length
      add(4)
      delivery.leave()

      expect(sent).toHaveLength(before)
    }
  })

  it('does nothing without a network', () => {
    const { transport, sent } = withBudget(9)
    const lifecycle = { isOnline: () => false, onOnline: () => () => {}, onLeave: () => () => {} }
    const { add, delivery } = startDelivery({ transport, lifecycle })
    add(1)
    delivery.leave()

    expect(sent).toEqual([])
  })
})

describe('a transport that makes no request though nobody leaves', () => {
  it('is taken for a failed one', async () => {
    const clock = createFakeClock()
    const { add, end } = startDelivery({
      transport: { exchange: () => undefined },
      clock,
      policy: { maxRetries: 0 },
    })
    add(1)
    await settled()

    expect(end(1)).toBe('The transport made no request')
  })
})

describe('an event with a path of its own', () => {
  it('is sent there', async () => {
    const transport = createScriptedTransport()
    const { delivery } = startDelivery({ transport })
    delivery.add({ id: '1', json: '{}', bytes: 2, path: '/t', settle() {} }, false)
    await settled()

    expect(transport.sent).toEqual([{ body: '1', path: '/t', retryCount: 0, isLeaving: false }])
  })
})
