import { describe, expect, it } from 'vitest'
import { eventListJson } from '../src/http/event-list'
import type { StoredEvent } from '../src/store/stored-event'
import { fillStore } from './helpers/fill-store'
import { startDevServer } from './helpers/start-dev-server'

const megabyte = 1024 * 1024

function largeEvent(seq: number): StoredEvent {
  return {
    seq,
    status: 'accepted',
    type: 'track',
    writeKey: 'dev',
    messageId: `m${seq}`,
    event: 'A',
    userId: 'u',
    anonymousId: null,
    channel: 'server',
    receivedAt: 0,
    json: JSON.stringify({ text: 'x'.repeat(megabyte) }),
  }
}

/** A list of events of a megabyte each, and how many of them were read for it. */
function startList(count: number) {
  let reads = 0
  const pieces = eventListJson({
    before: '{',
    after: '}',
    seqs: Array.from({ length: count }, (_, index) => index + 1),
    async read(seq) {
      reads += 1
      return largeEvent(seq)
    },
    waitTurn: async () => {},
  })
  return { pieces, reads: () => reads }
}

describe('a long list of events', () => {
  it('reads no more events than its reader takes', async () => {
    const { pieces, reads } = startList(20)

    await pieces.next()
    await pieces.next()
    await pieces.return(undefined)

    expect(reads()).toBe(2)
  })

  it('ends with the number to go on after when it becomes too long for one answer', async () => {
    const { pieces } = startList(50)
    let text = ''
    for await (const piece of pieces) text += piece

    const { events, next } = JSON.parse(text) as { events: { seq: number }[]; next: number }
    expect(text.length).toBeLessThan(40 * megabyte)
    expect(events.length).toBeLessThan(50)
    expect(next).toBe(events.at(-1)?.seq)
  })

  it('comes whole to the test client, which goes on by itself', async () => {
    const server = await startDevServer()
    await fillStore(server, 1_300, (n) => ({ n, text: 'x'.repeat(28_000) }))
    const { body } = await server.get('/api/events?limit=1300')
    const ids = Array.from({ length: 1_300 }, (_, n) => `m${n}`)

    expect(body).toMatchObject({ next: expect.any(Number) })
    expect((await server.client.events({ limit: 1_300 })).map(({ messageId }) => messageId)).toEqual(ids)
    const waited = await server.client.waitFor({ type: 'track' }, { count: 1_300 })
    expect(waited.map(({ messageId }) => messageId)).toEqual(ids)
  })
})
