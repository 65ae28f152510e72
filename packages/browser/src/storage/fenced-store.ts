import { isString } from '@sluice/core'
import type { KeyValueStore } from '@sluice/core/internal'
import { guarded } from './guarded'

/** A store that the page has brought along: one that throws or answers anything else than texts keeps nothing. */
export function fencedStore(store: KeyValueStore): KeyValueStore {
  const texts = (found: unknown): string[] => (Array.isArray(found) ? found.filter(isString) : [])
  return {
    get: (key) => guarded(() => texts([store.get(key)])[0]),
    set: (key, value) => guarded(() => store.set(key, value) === true, false),
    remove: (key) => guarded(() => store.remove(key)),
    keys: (prefix) => guarded(() => texts(store.keys(prefix)), []),
  }
}
