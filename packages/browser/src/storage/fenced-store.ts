import { isString } from '@sluice/core'
import type { KeyValueStore } from '@sluice/core/internal'
import { guarded } from './guarded'

/** A store that may throw or answer anything, as those do that pages and browsers bring along. */
export interface ForeignStore {
  get(key: string): unknown
  set(key: string, value: string): unknown
  remove(key: string): unknown
  /** Those that start with `prefix`, at least. */
  keys(prefix: string): unknown
}

/** A store that never throws, and knows texts alone: what else is in it is passed over. */
export function fencedStore(store: ForeignStore): KeyValueStore {
  return {
    get(key) {
      const found = guarded(() => store.get(key))
      return isString(found) ? found : undefined
    },
    set: (key, value) => guarded(() => store.set(key, value) === true, false),
    remove: (key) => void guarded(() => store.remove(key)),
    keys(prefix) {
      const found = guarded(() => store.keys(prefix))
      const isMeant = (key: unknown): key is string => isString(key) && key.startsWith(prefix)
      return Array.isArray(found) ? found.filter(isMeant) : []
    },
  }
}
