import { copyData } from '@sluice/core/internal'
import type { Store } from './universal-storage'

/** Keeps values of any kind, JSON or not, for as long as the page lives; like texts they are nobody else's to change. */
export function createValueMemory(): Store {
  const values = new Map<string, unknown>()
  return {
    get: (key) => copyData(values.get(key)) ?? null,
    set: (key, value) => void values.set(key, copyData(value)),
    remove: (key) => void values.delete(key),
  }
}
