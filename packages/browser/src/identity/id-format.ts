import { guarded } from '../storage/guarded'
import type { StoreType } from '../storage/stores'
import type { Format } from './slot'

/** Ids are strings for ever: `1e5`, `true` and `12345678901234567890` are read as they were written. */
export function idFormat(type: StoreType): Format {
  return type === 'cookie' ? inCookie : inLocalStorage
}

const inLocalStorage = {
  read: (stored: string) => (stored === 'null' ? null : unquote(stored)),
  write: (id: string) => JSON.stringify(id),
}

// The first analytics.js left ids in quotes. An id that begins with one gets quotes too, so that it comes back whole.
const inCookie = {
  read: unquote,
  write: (id: string) => (id.startsWith('"') ? JSON.stringify(id) : id),
}

/** The string that `text` is the JSON of, or else `text`. */
export function unquote(text: string): string {
  return text.startsWith('"') ? String(guarded(() => JSON.parse(text), text)) : text
}
