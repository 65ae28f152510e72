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
  return {
    transport: {
      ...limited,
      answer: transport.answer,
      get open() {
        return transport.open
      },
    },
    sent: transport.sent,
    answer: transport.answer,
  }
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

  it('takes along what is under way in requests that would end with the page, and gives those up', async () => {
    const { transport, sent } = withBudget(9, 'hang')
    const { add, delivery, clock } = startDelivery({ transport })
    add(1, 2)
    await settled()
    add(3)
    delivery.leave()

    expect(sent.map(({ body, isLeaving, retryCount }) => [body, isLeaving, retryCount])).toEqual([
      ['1', false, 0],
      ['2', false, 0],
      ['1 2 3', true, 0],
    ])
    expect(transport.open).toBe(1)
    await clock.advance(60_000)
    expect(sent).toHaveLength(3)
  })

  it('lets requests go on that outlive the page', async () => {
    const scripted = createScriptedTransport('hang')
    const exchange: Transport['exchange'] = (request) => {
      const made = scripted.exchange(request)
      return made && { ...made, outlivesPage: true }
    }
    const { add, delivery } = startDelivery({ transport: { exchange } })
    add(1)
    await settled()
    add(2)
    delivery.leave()

    expect(scripted.sent.map(({ body }) => body)).toEqual(['1', '2'])
    expect(scripted.open).toBe(2)
  })

  it('gives up no request whose events find no room in one that outlives the page', async () => {
    const { transport, sent } = withBudget(0, 'hang')
    const { add, delivery, end } = startDelivery({ transport })
    add(1)
    await settled()
    delivery.leave()
    transport.answer(200)
    await settled()

    expect(sent.map(({ body }) => body)).toEqual(['1'])
    expect(end(1)).toBe('delivered')
  })

  it.each([['503'], ['reset']] as const)('takes along what waits to be tried again: %s', async (fault) => {
    const reply = fault === 'reset' ? fault : Number(fault)
    const { transport, sent } = withBudget(9, reply, reply, reply, 200)
    const { add, delivery, end, clock } = startDelivery({ transport })
    add(1, 2, 3)
    await clock.advance(100)
    add(4)
    delivery.leave()
    await settled()

    expect(sent.slice(3).map(({ body, isLeaving }) => [body, isLeaving])).toEqual([['1 2 3 4', true]])
    expect([1, 2, 3, 4].map(end)).toEqual(Array(4).fill('delivered'))
    expect(clock.timers).toBe(0)
  })

  it('tries again together what left together, and counts its failures on', async () => {
    const { transport, sent } = withBudget(9, 503)
    const { add, delivery, end, clock } = startDelivery({ transport, policy: { maxRetries: 2 } })
    add(1)
    await clock.advance(100)
    add(2)
    delivery.leave()
    await clock.advance(60_000)

    expect(sent.map(({ body, isLeaving }) => [body, isLeaving])).toEqual([
      ['1', false],
      ['1 2', true],
      ['1 2', false],
    ])
    expect([end(1), end(2)]).toEqual(['[503] Status 503', '[503] Status 503'])
  })

  describe('during a pause that the server asked for', () => {
    const pausing = { status: 429, headers: { 'retry-after': '60' } }

    it('sends nothing that is kept elsewhere', async () => {
      const { transport, sent } = withBudget(9, pausing)
      const { add, delivery, clock } = startDelivery({ transport })
      add(1)
      await clock.advance(100)
      add(2)
      delivery.leave()

      expect(sent).toHaveLength(1)
    })

    it('sends what would be lost', async () => {
      const { transport, sent } = withBudget(9, pausing)
      const outbox = { put: () => false, remove() {} }
      const { add, delivery, clock } = startDelivery({ transport, outbox })
      add(1)
      await clock.advance(100)
      add(2)
      delivery.leave()

      expect(sent.slice(1).map(({ body, isLeaving }) => [body, isLeaving])).toEqual([['1 2', true]])
    })
  })

  describe('tells the outbox', () => {
    const start = (...replies: Parameters<typeof createScriptedTransport>) => {
      const told: string[] = []
      const outbox = {
        put: (id: string) => told.push(`put ${id}`) > 0,
        left: (id: string) => void told.push(`left ${id}`),
        remove: (id: string) => void told.push(`remove ${id}`),
      }
      const { transport } = withBudget(9, ...replies)
      return { ...startDelivery({ transport, outbox }), told }
    }

    it('what has left', async () => {
      const { add, delivery, told } = start('hang')
      add(1)
      await settled()
      add(2)
      delivery.leave()

      expect(told).toEqual(['put 1', 'put 2', 'left 1', 'left 2'])
    })

    it('that it did not arrive, when the page lives to hear so', async () => {
      const { add, delivery, told } = start(503, 'hang')
      add(1)
      delivery.leave()
      await settled()

      expect(told).toEqual(['put 1', 'left 1', 'put 1'])
    })

    it('again at each step of leaving', async () => {
      const { add, delivery, told } = start('hang')
      add(1)
      delivery.leave()
      delivery.leave()

      expect(told).toEqual(['put 1', 'left 1', 'left 1'])
    })
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
