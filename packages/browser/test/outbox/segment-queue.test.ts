import { createMemoryStore } from '@sluice/core/internal'
import { describe, expect, it } from 'vitest'
import { createBrowserOutbox } from '../../src/outbox/outbox'
import { takeSegmentQueues } from '../../src/outbox/segment-queue'

const now = Date.UTC(2026, 0, 1)
const item = (messageId: string) => ({
  id: `ctx-${messageId}`,
  event: { type: 'track', messageId },
  logs: [],
  metrics: [],
})
const json = (messageId: string) => JSON.stringify({ type: 'track', messageId })
const key = (name: string, part: string) => `persisted-queue:v1:${name}:${part}`

function pageWith(values: Record<string, unknown>, { apiKey = 'wk', maxLength = 10_000 } = {}) {
  const store = createMemoryStore()
  for (const [name, value] of Object.entries(values))
    store.set(name, typeof value === 'string' ? value : JSON.stringify(value))
  const outbox = createBrowserOutbox({ store, writeKey: 'wk', lane: 'this', maxLength, dropped() {} })
  return {
    store,
    outbox,
    take: (time = now) => takeSegmentQueues(outbox, apiKey, time),
    left: () => store.keys('persisted-queue:'),
  }
}

describe('what Segment’s library left unsent', () => {
  it('is taken over, each event once, and leaves nothing behind', () => {
    const { take, left } = pageWith({
      [key('wk:event-queue', 'items')]: [item('a'), item('b')],
      [key('wk:event-queue', 'seen')]: { 'ctx-a': 1 },
      [key('wk:dest-Segment.io', 'items')]: [item('b'), item('c')],
    })

    expect(take()).toEqual([
      { id: 'b', json: json('b') },
      { id: 'c', json: json('c') },
      { id: 'a', json: `raw:${json('a')}` },
    ])
    expect(left()).toEqual([])
    expect(take()).toEqual([])
  })

  it('is in the outbox before it is gone from there', () => {
    const { store, outbox, take } = pageWith({ [key('wk:event-queue', 'items')]: [item('a')] })
    const remove = store.remove
    let kept: boolean | undefined
    store.remove = (name) => {
      if (name.includes('event-queue')) kept ??= outbox.has('a')
      remove(name)
    }
    take()

    expect(kept).toBe(true)
    expect(store.keys('').map((name) => store.get(name))).toEqual([`raw:${json('a')}`])
  })

  it('is taken over into memory where there is no room for it', () => {
    const { take } = pageWith({ [key('wk:dest-Segment.io', 'items')]: [item('a')] }, { maxLength: 0 })

    expect(take()).toEqual([{ id: 'a', json: json('a') }])
  })

  it('may name its destination after another key', () => {
    const { take } = pageWith({ [key('api:dest-Segment.io', 'items')]: [item('a')] }, { apiKey: 'api' })

    expect(take()).toHaveLength(1)
  })

  it('for another source or another destination is left alone', () => {
    const { take, left } = pageWith({
      [key('other:event-queue', 'items')]: [item('a')],
      [key('wk:dest-Amplitude', 'items')]: [item('b')],
    })

    expect(take()).toEqual([])
    expect(left()).toHaveLength(2)
  })

  it('is left alone while one of its pages works on it', () => {
    const { take } = pageWith({
      [key('wk:event-queue', 'items')]: [item('a')],
      [key('wk:event-queue', 'lock')]: String(now + 50),
    })

    expect(take()).toEqual([])
    expect(take(now + 51)).toHaveLength(1)
  })

  it.each(['', '[', '{}', 'null', '[1,null,{},{"event":null},{"event":{"messageId":7}}]'])(
    'may be nonsense: %j',
    (text) => {
      const { take } = pageWith({ [key('wk:event-queue', 'items')]: text })

      expect(take()).toEqual([])
    },
  )
})
