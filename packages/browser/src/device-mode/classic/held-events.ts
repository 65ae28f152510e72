import type { KeyValueStore } from '@sluice/core/internal'
import { Context } from '../../context'
import { guarded } from '../../storage/guarded'
import { readEvents } from './read-events'

export interface HeldEventsOptions {
  /** Keeps events from one page to the next. */
  readonly store: KeyValueStore
  readonly writeKey: string
  /** Of the destination. */
  readonly name: string
  /** Hears of each event that is given up. */
  dropped(ctx: Context): void
}

/** The events that a destination cannot take yet, in their order. */
export interface HeldEvents {
  add(ctx: Context): void
  /** Whether none is in memory. */
  isEmpty(): boolean
  /** Puts what this page and earlier ones have left in storage before the others. */
  takeBack(): void
  /** Takes those at the front for which `mayGo` says yes. */
  take(mayGo: (ctx: Context) => boolean): Context[]
  /** Moves them into storage: this page takes them back, or the next one does if this one never comes to it. */
  leave(): void
  /** Gives up those that are in memory. */
  drop(): void
}

/** No more than this many wait; the oldest have to go. */
export const maxHeld = 1_000

export function createHeldEvents({ store, writeKey, name, dropped }: HeldEventsOptions): HeldEvents {
  // Segment's library keeps them under this key, too: whoever comes from there, or goes back, loses none.
  const key = `persisted-queue:v1:${writeKey}:dest-${name}`
  const itemsKey = `${key}:items`
  let held: Context[] = []

  const makeRoom = (contexts: Context[]) => {
    const surplus = contexts.splice(0, Math.max(0, contexts.length - maxHeld))
    for (const ctx of surplus) dropped(ctx)
    return contexts
  }

  const readStored = () => {
    const text = store.get(itemsKey)
    return text === undefined ? [] : readEvents(text).map(({ event, id }) => new Context(event, id))
  }

  return {
    add(ctx) {
      held.push(ctx)
      makeRoom(held)
    },
    isEmpty: () => held.length === 0,
    takeBack() {
      held = makeRoom([...readStored(), ...held])
      store.remove(itemsKey)
      store.remove(`${key}:seen`)
    },
    take(mayGo) {
      const first = held.findIndex((ctx) => !mayGo(ctx))
      return held.splice(0, first < 0 ? held.length : first)
    },
    leave() {
      // A page view belongs to its page.
      const leaving = held.filter(({ event }) => event.type !== 'page')
      if (leaving.length === 0) return
      const items = makeRoom([...readStored(), ...leaving]).flatMap(toItem)
      if (store.set(itemsKey, `[${items.join()}]`)) held = held.filter((ctx) => !leaving.includes(ctx))
    },
    drop() {
      for (const ctx of held.splice(0)) dropped(ctx)
    },
  }
}

/** What cannot be turned into text cannot be kept. */
function toItem({ id, event }: Context): string[] {
  const text = guarded(() => JSON.stringify({ id, event }))
  return text === undefined ? [] : [text]
}
