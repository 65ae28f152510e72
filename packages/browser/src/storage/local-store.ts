import type { KeyValueStore } from '@sluice/core/internal'
import { fencedStore } from './fenced-store'

/** The page's `localStorage`, looked up at each call because even its getter may throw. */
export function createLocalStore(): KeyValueStore {
  return fencedStore({
    get: (key) => localStorage.getItem(key),
    set(key, value) {
      localStorage.setItem(key, value)
      return true
    },
    remove: (key) => localStorage.removeItem(key),
    // By the standard's own means: stand-ins for `localStorage` have nothing else.
    keys: () => Array.from({ length: localStorage.length }, (_, index) => localStorage.key(index)),
  })
}

/** A store that is written to only when something changes: writing takes longer, and other tabs are told of it. */
export function writingChanges(store: KeyValueStore): KeyValueStore {
  return {
    ...store,
    set: (key, value) => store.get(key) === value || store.set(key, value),
    remove(key) {
      if (store.get(key) !== undefined) store.remove(key)
    },
  }
}
