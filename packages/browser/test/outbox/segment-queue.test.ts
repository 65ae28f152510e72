import { createMemoryStore } from '@sluice/core/internal'
import { describe, expect, it } from 'vitest'
import { takeSegmentQueue } from '../../src/outbox/segment-queue'

const now = Date.UTC(2026, 0, 1)
const item = (messageId: string) => ({
  id: `ctx-${messageId}`,
  event: { type: 'track', messageId },
  logs: [],
  metrics: [],
})
const key = (name: string, part: string) => `persisted-queue:v1:${name}:${part}`

function storeWith(values: Record<string, unknown>) {
  const store = createMemoryStore()
  for (const [name, value] of Object.entries(values))
    store.set(name, typeof value === 'string' ? value : JSON.stringify(value))
  return store
}

describe('what Segment’s library left unsent', () => {
  it('is taken over, each event once, and leaves nothing behind', () => {
    const store = storeWith({
      [key('wk:event-queue', 'items')]: [item('a'), item('b')],
      [key('wk:event-queue', 'seen')]: { 'ctx-a': 1 },
      [key('wk:dest-Segment.io', 'items')]: [item('b'), item('c')],
    })

    expect(takeSegmentQueue(store, 'wk', now)).toEqual(
      ['a', 'b', 'c'].map((id) => ({ id, json: JSON.stringify({ type: 'track', messageId: id }) })),
    )
    expect(store.keys('')).toEqual([])
    expect(takeSegmentQueue(store, 'wk', now)).toEqual([])
  })

  it('for another source or another destination is left alone', () => {
    const store = storeWith({
      [key('other:event-queue', 'items')]: [item('a')],
      [key('wk:dest-Amplitude', 'items')]: [item('b')],
    })

    expect(takeSegmentQueue(store, 'wk', now)).toEqual([])
    expect(store.keys('')).toHaveLength(2)
  })

  it('is left alone while one of its pages works on it', () => {
    const store = storeWith({
      [key('wk:event-queue', 'items')]: [item('a')],
      [key('wk:event-queue', 'lock')]: String(now + 50),
    })

    expect(takeSegmentQueue(store, 'wk', now)).toEqual([])
    expect(takeSegmentQueue(store, 'wk', now + 51)).toHaveLength(1)
  })

  it.each(['', '[', '{}', 'null', '[1,null,{},{"event":null},{"event":{"messageId":7}}]'])(
    'may be nonsense: %j',
    (text) => {
      const store = storeWith({ [key('wk:event-queue', 'items')]: text })

      expect(takeSegmentQueue(store, 'wk', now)).toEqual([])
    },
  )
})
