import type { KeyValueStore } from '@sluice/core/internal'
import { guarded } from './guarded'

/** The page's `localStorage`, looked up at each call because even its getter may throw. Writes only what changed. */
export function createLocalStore(): KeyValueStore {
  const read = (key: string) => localStorage.getItem(key) ?? undefined
  return {
    get: (key) => guarded(() => read(key)),
    set: (key, value) =>
      guarded(() => {
        if (read(key) !== value) localStorage.setItem(key, value)
        return true
      }, false),
    remove: (key) =>
      guarded(() => {
        if (read(key) !== undefined) localStorage.removeItem(key)
      }),
    keys: (prefix) => guarded(() => Object.keys(localStorage), []).filter((key) => key.startsWith(prefix)),
  }
}
