import { exists, isNumber, isString } from '@sluice/core'
import type { KeyValueStore } from '@sluice/core/internal'
import { guarded } from './guarded'
import type { Store } from './universal-storage'

/** Strings that would be read as something else if they stood as they are. */
const readOtherwise = /^(["[{]|(null|true|false)$)/

/** Keeps any value in a store of strings as JSON. In cookies, where others read them too, strings stand as they are. */
export function createValueStore(raw: Omit<KeyValueStore, 'keys'>, isCookie: boolean): Store {
  const write = (value: unknown): string | undefined =>
    isCookie && isString(value) && !readOtherwise.test(value) ? value : JSON.stringify(value)
  return {
    get(key) {
      const text = raw.get(key)
      return text ? readValue(text) : null
    },
    // Functions and the like have no text.
    set(key, value) {
      const text = exists(value) ? write(value) : undefined
      return text !== undefined && raw.set(key, text)
    },
    remove: raw.remove,
  }
}

/** A value from its JSON, or the text itself when it is none, or is a number that JSON would change. */
function readValue(text: string): unknown {
  // Most are ids, which are no JSON: to try and fail takes long.
  if (!mayBeJson.test(text)) return text
  const value: unknown = guarded(() => JSON.parse(text), text)
  return isNumber(value) && String(value) !== text ? text : value
}

const mayBeJson = /^(?:["[{]|-?[\d.]+(?:e[+-]?\d+)?$|(?:null|true|false)$)/i
