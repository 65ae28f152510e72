import { createMemoryStore } from '@sluice/core/internal'
import { describe, expect, it } from 'vitest'
import { Context, type SegmentEvent } from '../../../src'
import { createHeldEvents, maxHeld } from '../../../src/device-mode/classic/held-events'

const key = 'persisted-queue:v1:k:dest-Fake'

function start({ stored, isFull = false }: { stored?: string; isFull?: boolean } = {}) {
  const store = createMemoryStore()
  if (stored !== undefined) store.set(`${key}:items`, stored)
  const dropped: string[] = []
  const held = () =>
    createHeldEvents({
      store: isFull ? { ...store, set: () => false } : store,
      writeKey: 'k',
      name: 'Fake',
      dropped: ({ event }) => dropped.push(nameOf(event)),
    })
  return { store, dropped, held: held(), ofNextPage: held }
}

const nameOf = ({ event, type }: SegmentEvent) => event ?? type
const track = (event: string) => new Context({ type: 'track', event, messageId: `id of ${event}` })
const page = () => new Context({ type: 'page' })
const all = () => true
const names = (contexts: Context[]) => contexts.map(({ event }) => nameOf(event))

describe('events that a destination cannot take', () => {
  it('are taken from the front, in their order', () => {
    const { held } = start()
    for (const ctx of [page(), track('A'), page()]) held.add(ctx)

    expect(names(held.take(({ event }) => event.type === 'page'))).toEqual(['page'])
    expect(held.isEmpty()).toBe(false)
    expect(names(held.take(all))).toEqual(['A', 'page'])
    expect(held.isEmpty()).toBe(true)
  })

  it('are the same contexts as long as the page lives', () => {
    const { held } = start()
    const ctx = track('A')
    held.add(ctx)

    expect(held.take(all)).toEqual([ctx])
  })

  it('go to the next page, but not the views of this one', () => {
    const { held, ofNextPage } = start()
    for (const ctx of [page(), track('A'), track('B')]) held.add(ctx)
    held.leave()
    const next = ofNextPage()
    next.takeBack()
    const taken = next.take(all)

    expect(names(taken)).toEqual(['A', 'B'])
    expect(taken[0]?.event.messageId).toBe('id of A')
    expect(names(held.take(all))).toEqual(['page'])
  })

  it('are taken once, by this page or another', () => {
    const { held, ofNextPage } = start()
    const other = ofNextPage()
    held.add(track('A'))
    held.leave()
    expect(held.isEmpty()).toBe(true)
    other.takeBack()
    held.takeBack()

    expect(names(other.take(all))).toEqual(['A'])
    expect(held.take(all)).toEqual([])
  })

  it('come back to this page before those that came later', () => {
    const { held, store } = start()
    held.add(track('A'))
    held.leave()
    held.add(track('B'))
    held.leave()
    held.add(track('C'))
    held.takeBack()

    expect(names(held.take(all))).toEqual(['A', 'B', 'C'])
    expect(store.keys('')).toEqual([])
  })

  it('stay here when storage has no room', () => {
    const { held } = start({ isFull: true })
    held.add(track('A'))
    held.leave()

    expect(names(held.take(all))).toEqual(['A'])
  })

  it('touch no storage when there are none', () => {
    const { held, store } = start()
    held.leave()

    expect(store.keys('')).toEqual([])
  })

  it('are given up, the oldest first, when there are too many, also in storage', () => {
    const { held, dropped } = start()
    for (let number = 0; number <= maxHeld; number++) held.add(track(`${number}`))
    expect(dropped).toEqual(['0'])
    held.leave()
    for (const name of ['A', 'B']) held.add(track(name))
    held.leave()
    expect(dropped).toEqual(['0', '1', '2'])
    held.takeBack()

    expect(held.take(all)).toHaveLength(maxHeld)
  })

  it('are told when they are given up', () => {
    const { held, dropped } = start()
    for (const name of ['A', 'B']) held.add(track(name))
    held.drop()

    expect(dropped).toEqual(['A', 'B'])
    expect(held.isEmpty()).toBe(true)
  })

  it('that cannot be turned into text are not kept, and harm no other', () => {
    const { held } = start()
    const bad = track('Bad')
    bad.event.properties = { huge: 1n }
    for (const ctx of [track('A'), bad, track('B')]) held.add(ctx)
    held.leave()
    held.takeBack()

    expect(names(held.take(all))).toEqual(['A', 'B'])
  })
})

describe('what stands in storage', () => {
  it("is what Segment's library writes there, with the list of what it has seen", () => {
    const { held, store } = start({
      stored: JSON.stringify([{ id: 'ctx', event: { type: 'track', event: 'A' }, logs: [], metrics: [] }]),
    })
    store.set(`${key}:seen`, '{"ctx":1}')
    held.takeBack()
    const taken = held.take(all)

    expect(taken.map(({ id, event }) => [id, event])).toEqual([['ctx', { type: 'track', event: 'A' }]])
    expect(store.keys('')).toEqual([])
  })

  it.each(['', 'null', '{}', '[', '[1,null,{},{"event":1},{"event":{}}]'])(
    'may be anything: %s',
    (stored) => {
      const { held } = start({ stored })
      held.takeBack()

      expect(held.take(all)).toEqual([])
    },
  )
})
