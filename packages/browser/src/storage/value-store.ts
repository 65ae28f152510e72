import type { KeyValueStore } from '@sluice/core/internal'
import { guarded } from './guarded'
import type { Store } from './universal-storage'

/** Keeps any value in a store of strings, in the words of `write`. */
export function createValueStore(raw: KeyValueStore, write: (value: unknown) => string): Store {
  return {
    get(key) {
      const text = raw.get(key)
      return text === undefined ? null : readValue(text)
    },
    set(key, value) {
      // An old value must not outlive a new one that could not be kept.
      if (value === null || value === undefined || !raw.set(key, write(value))) raw.remove(key)
    },
    remove: (key) => raw.remove(key),
  }
}

export const writeJson = (value: unknown) => JSON.stringify(value)

/** As values are written to cookies: strings as they are. */
export const writeBare = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value))

/** A value from its JSON, or the text itself when it is none, or is a number that JSON would change. */
export function readValue(text: string): unknown {
  const value: unknown = guarded(() => JSON.parse(text), text)
  return typeof value === 'number' && String(value) !== text ? text : value
}
