import type { KeyValueStore } from '@sluice/core/internal'
import { createMemoryStore } from '@sluice/core/internal'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createBrowserOutbox, type OutboxEntry } from '../../src/outbox/outbox'
import { otherLanes, takeOver } from '../../src/outbox/take-over'

function startOutbox({
  store = createMemoryStore(),
  lane = 'this',
  writeKey = 'key',
  maxLength = 100_000,
}: {
  store?: KeyValueStore
  lane?: string
  writeKey?: string
  maxLength?: number
} = {}) {
  const dropped: OutboxEntry[] = []
  /** How many keys there were whenever the lane began to be used. */
  const used: number[] = []
  const outbox = createBrowserOutbox({
    store,
    lane,
    writeKey,
    maxLength,
    used: () => used.push(store.keys('').length),
    dropped: (entry) => dropped.push(entry),
  })
  return { store, outbox, dropped, used }
}

const json = (id: string) => JSON.stringify({ messageId: id })

describe('the outbox', () => {
  it('keeps each event under a key of its own until it is removed', () => {
    const { store, outbox } = startOutbox()
    outbox.put('a', json('a'))
    outbox.put('b', json('b'))

    expect(store.keys('sluice:outbox:v1:key:this:')).toHaveLength(2)
    expect([outbox.has('a'), outbox.has('b'), outbox.has('c')]).toEqual([true, true, false])

    outbox.remove('a')
    outbox.remove('a')

    expect(outbox.has('a')).toBe(false)
    expect(store.keys('')).toHaveLength(1)
  })

  it('keeps the newest text of an event that is put again, once', () => {
    const { store, outbox } = startOutbox()
    outbox.put('a', 'old')
    outbox.put('a', 'new')

    expect(store.keys('').map((key) => store.get(key))).toEqual(['new'])
  })

  it('counts an event that is put again once', () => {
    const { outbox, dropped } = startOutbox({ maxLength: 200 })
    outbox.put('a', 'x'.repeat(30))
    for (let time = 0; time < 10; time++) outbox.put('b', 'x'.repeat(30))

    expect([dropped, outbox.has('a')]).toEqual([[], true])
  })

  it('says so before it holds anything, so that its lane can be guarded in time', () => {
    const { outbox, used } = startOutbox()
    for (const id of ['a', 'b']) outbox.put(id, json(id))
    for (const id of ['a', 'b']) outbox.remove(id)
    outbox.put('c', json('c'))

    expect(used).toEqual([0, 0])
  })

  it('tells what was put here and is gone from storage from what was never put', () => {
    const { store, outbox } = startOutbox()
    for (const id of ['a', 'b']) outbox.put(id, json(id))
    for (const key of store.keys('')) if (key.endsWith(':a')) store.remove(key)

    expect([...outbox.entries.keys()]).toEqual(['a', 'b'])
    expect(['a', 'b', 'c'].map(outbox.has)).toEqual([false, true, false])
  })

  it('makes room for a new event by dropping the oldest, and tells of each', () => {
    const { outbox, dropped } = startOutbox({ maxLength: 200 })
    for (const id of ['a', 'b', 'c', 'd', 'e']) outbox.put(id, 'x'.repeat(30))

    expect(dropped.map(({ id }) => id)).toEqual(['a', 'b'].slice(0, dropped.length))
    expect(dropped.length).toBeGreaterThan(0)
    expect(outbox.has('e')).toBe(true)
    expect(dropped[0]).toEqual({ id: 'a', json: 'x'.repeat(30) })
  })

  it('refuses an event that is larger than all of it, and drops none for it', () => {
    const { outbox, dropped } = startOutbox({ maxLength: 100 })
    outbox.put('a', 'x')

    expect(outbox.put('large', 'x'.repeat(100))).toBe(false)
    expect([outbox.has('a'), dropped]).toEqual([true, []])
  })

  it('says so when storage takes nothing', () => {
    const { outbox } = startOutbox({ store: { ...createMemoryStore(), set: () => false } })

    expect(outbox.put('a', json('a'))).toBe(false)
    expect(outbox.has('a')).toBe(false)
  })

  it('never holds more than it may, nor miscounts, whatever is put and removed', () => {
    const action = fc.oneof(
      fc.record({ put: fc.constantFrom(...'abcdef'), size: fc.integer({ min: 0, max: 150 }) }),
      fc.record({ remove: fc.constantFrom(...'abcdef') }),
    )
    fc.assert(
      fc.property(fc.array(action, { maxLength: 60 }), (actions) => {
        const { store, outbox } = startOutbox({ maxLength: 300 })
        for (const step of actions) {
          if ('put' in step) outbox.put(step.put, 'x'.repeat(step.size))
          else outbox.remove(step.remove)
          const length = store
            .keys('')
            .reduce((sum, key) => sum + key.length + (store.get(key)?.length ?? 0), 0)
          expect(length).toBeLessThanOrEqual(300)
        }
        for (const id of 'abcdef') outbox.remove(id)
        expect(store.keys('')).toEqual([])
        expect(outbox.put('last', 'x'.repeat(200))).toBe(true)
      }),
    )
  })
})

describe('lanes', () => {
  it('of other pages are found if they hold something, those of other sources never', () => {
    const store = createMemoryStore()
    startOutbox({ store, lane: 'dead' }).outbox.put('a', json('a'))
    startOutbox({ store, lane: 'other', writeKey: 'key:2' }).outbox.put('b', json('b'))
    startOutbox({ store, lane: 'empty' })
    const { outbox } = startOutbox({ store })
    outbox.put('c', json('c'))

    expect(otherLanes(outbox)).toEqual(['dead'])
  })

  it('are taken over whole, in order, and leave nothing behind', () => {
    const store = createMemoryStore()
    const { outbox: dead } = startOutbox({ store, lane: 'dead' })
    const ids = Array.from({ length: 50 }, (_, index) => `id:${index}`)
    for (const id of ids) dead.put(id, json(id))
    const { outbox } = startOutbox({ store })

    expect(takeOver(outbox, 'dead')).toEqual(ids.map((id) => ({ id, json: json(id) })))
    expect(otherLanes(outbox)).toEqual([])
    expect(ids.every((id) => outbox.has(id))).toBe(true)
    expect(ids.some((id) => dead.has(id))).toBe(false)
    for (const id of ids) outbox.remove(id)
    expect(store.keys('')).toEqual([])
  })

  it('may share an event with this one: it is not taken twice', () => {
    const store = createMemoryStore()
    startOutbox({ store, lane: 'dead' }).outbox.put('a', json('a'))
    const { outbox } = startOutbox({ store })
    outbox.put('a', json('a'))

    expect(takeOver(outbox, 'dead')).toEqual([])
    expect(store.keys('')).toHaveLength(1)
  })

  it('are taken over even where storage has no room for a second copy', () => {
    const store = createMemoryStore()
    const { outbox: dead } = startOutbox({ store, lane: 'dead' })
    for (const id of ['a', 'b', 'c']) dead.put(id, json(id))
    const full = {
      ...store,
      set: (key: string, value: string) => store.keys('').length < 3 && store.set(key, value),
    }
    const { outbox } = startOutbox({ store: full })

    expect(takeOver(outbox, 'dead').map(({ id }) => id)).toEqual(['a', 'b', 'c'])
    expect(['a', 'b', 'c'].map(outbox.has)).toEqual([true, true, true])
  })

  it('are taken over into memory where storage takes nothing back', () => {
    const store = createMemoryStore()
    startOutbox({ store, lane: 'dead' }).outbox.put('a', json('a'))
    const { outbox } = startOutbox({ store: { ...store, set: () => false } })

    expect(takeOver(outbox, 'dead')).toEqual([{ id: 'a', json: json('a') }])
    expect(store.keys('')).toEqual([])
  })

  it('that are larger than this one may be give up their oldest events', () => {
    const store = createMemoryStore()
    const { outbox: dead } = startOutbox({ store, lane: 'dead' })
    for (const id of ['a', 'b', 'c', 'd']) dead.put(id, 'x'.repeat(60))
    const { outbox, dropped } = startOutbox({ store, maxLength: 250 })
    const taken = takeOver(outbox, 'dead')

    expect([...dropped, ...taken].map(({ id }) => id)).toEqual(['a', 'b', 'c', 'd'])
    expect(taken.length).toBeGreaterThan(0)
    expect(dropped.length).toBeGreaterThan(0)
  })
})
