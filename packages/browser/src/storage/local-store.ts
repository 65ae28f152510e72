import { isString } from '@sluice/core'
import type { KeyValueStore } from '@sluice/core/internal'
import { guarded } from './guarded'

/** The page's `localStorage`, looked up at each call because even its getter may throw. */
export function createLocalStore(): KeyValueStore {
  return {
    get: (key) => guarded(() => localStorage.getItem(key) ?? undefined),
    set: (key, value) =>
      guarded(() => {
        localStorage.setItem(key, value)
        return true
      }, false),
    remove: (key) => guarded(() => localStorage.removeItem(key)),
    // By the standard's own means: stand-ins for `localStorage` have nothing else.
    keys: (prefix) =>
      guarded(
        () => Array.from({ length: localStorage.length }, (_, index) => localStorage.key(index)),
        [],
      ).filter((key): key is string => isString(key) && key.startsWith(prefix)),
  }
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
