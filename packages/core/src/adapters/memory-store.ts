import type { KeyValueStore } from '../ports/key-value-store'

/** Keeps strings as long as the page or process lives. */
export function createMemoryStore(): KeyValueStore {
  const values = new Map<string, string>()
  return {
    get: (key) => values.get(key),
    set(key, value) {
      values.set(key, value)
      return true
    },
    remove(key) {
      values.delete(key)
    },
    keys: (prefix) => [...values.keys()].filter((key) => key.startsWith(prefix)),
  }
}
