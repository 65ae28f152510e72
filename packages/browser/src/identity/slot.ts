import type { Clock, KeyValueStore } from '@sluice/core/internal'

/** One text of identity. It may stand in several stores, and another tab, a server or the visitor may change it there. */
export interface Slot {
  get(): string | null
  set(text: string | null): void
}

/** How a text is written in a store. */
export interface Format {
  read(stored: string): string | null
  write(text: string): string
}

/** A store that may hold the text. */
export interface Place extends Format {
  readonly store: KeyValueStore
}

const syncEveryMs = 3_600_000

/**
 * The first place that has a text wins. The others are brought in line when the text is seen for the first time, and
 * once an hour, which lets the cookies among them renew their lifetime; other reads touch no more than they need.
 *
 * Memory holds the text only when no place could keep it. So what somebody deletes from the browser stays deleted.
 */
export function createSlot(
  key: string,
  places: readonly Place[],
  memory: KeyValueStore,
  clock: Pick<Clock, 'now'>,
): Slot {
  let synced: string | undefined
  let syncAt = 0

  function keep(text: string): void {
    let isKept = false
    for (const { store, write } of places) {
      if (store.set(key, write(text))) isKept = true
      // An old text must not outlive a new one that could not be kept.
      else store.remove(key)
    }
    if (isKept) memory.remove(key)
    else memory.set(key, text)
    synced = text
    syncAt = clock.now() + syncEveryMs
  }

  function find(): string | undefined {
    for (const { store, read } of places) {
      const stored = store.get(key)
      const text = stored && read(stored)
      if (text) return text
    }
    return memory.get(key)
  }

  return {
    get() {
      const text = find()
      if (!text) return null
      if (text !== synced || clock.now() >= syncAt) keep(text)
      return text
    },
    set(text) {
      if (text !== null) return keep(text)
      for (const { store } of [...places, { store: memory }]) store.remove(key)
    },
  }
}
