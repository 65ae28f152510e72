import { isDate, isFunction, isPlainObject } from '../flow/type-guards'

/**
 * A copy of what the caller handed in, so that neither side sees the other's later changes: plain objects, lists and
 * dates at every depth. What knows its own JSON is copied as that. Every other kind of object is taken over as it is, and
 * so is one that throws when it is read: the encoder will find and report that. So it does with what has more parts than
 * any event may have: getters can make new ones for ever.
 */
export function copyData<T>(value: T): T {
  const outer = partsLeft
  partsLeft = maxParts
  try {
    const whole = copyWhole(value)
    return (partsLeft < 0 ? tooMuch : whole) as T
  } finally {
    // A getter may have made a call of its own.
    partsLeft = outer
  }
}

/** Objects and lists in one value. The largest events that are sent anywhere hold fewer. */
const maxParts = 100_000

/** So many items of a list, or bytes, weigh as much as an object. A list that is indexed by ids holds billions, nearly all empty. */
const itemsPerPart = 10

let partsLeft = 0

const tooMuch = {
  toJSON() {
    throw new Error(`it has more than ${maxParts} parts`)
  },
}

function copyWhole(value: unknown): unknown {
  try {
    return copy(value, '')
  } catch {
    return copyPart(value, '', new Map())
  }
}

/** With `copies`, copies what is in itself as well, and what can be copied beside what cannot. It is slower. */
function copyPart(value: unknown, key: string, copies?: Map<unknown, unknown>): unknown {
  if (!copies) return copy(value, key)
  try {
    return copies.get(value) ?? copy(value, key, copies)
  } catch {
    return value
  }
}

function copy(value: unknown, key: string, copies?: Map<unknown, unknown>): unknown {
  if (typeof value !== 'object' || value === null) return value
  const items = Array.isArray(value) ? value.length : ArrayBuffer.isView(value) ? value.byteLength : 0
  partsLeft -= 1 + items / itemsPerPart
  if (partsLeft < 0) return value
  if (Array.isArray(value)) {
    const list: unknown[] = value.slice()
    copies?.set(value, list)
    list.forEach((inner, index) => {
      if (typeof inner === 'object') list[index] = copyPart(inner, String(index), copies)
    })
    return list
  }
  // Instances of an application's own classes are data; a Map, a Buffer or a stream is not.
  if (!isPlainObject(value)) return isDate(value) ? new Date(value) : value
  const source: unknown = isFunction(value.toJSON) ? value.toJSON(key) : value
  if (!isPlainObject(source)) return copyPart(source, key, copies)
  const target: Record<string, unknown> = { ...source }
  copies?.set(value, target)
  for (const name of Object.keys(target)) {
    const inner = target[name]
    if (typeof inner === 'object') target[name] = copyPart(inner, name, copies)
  }
  return target
}
