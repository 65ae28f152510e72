import type { KeyValueStore } from '@sluice/core/internal'
import { guarded } from './guarded'

/** The page's `localStorage`, looked up at each call because even its getter may throw. Writes only what changed. */
export function createLocalStore(area: () => Storage = () => localStorage): KeyValueStore {
  return {
    get: (key) => guarded(() => area().getItem(key) ?? undefined),
    set: (key, value) =>
      guarded(() => {
        if (area().getItem(key) !== value) area().setItem(key, value)
        return true
      }, false),
    remove: (key) =>
      guarded(() => {
        if (area().getItem(key) !== null) area().removeItem(key)
      }),
    keys: (prefix) => guarded(() => Object.keys(area()), []).filter((key) => key.startsWith(prefix)),
  }
}
