import { isFunction, isPlainObject } from '../flow/type-guards'

/**
 * A copy of what the caller handed in, so that neither side sees the other's later changes: plain objects, lists and
 * dates at every depth. What knows its own JSON is copied as that. Every other kind of object is taken over as it is, and
 * so is one that throws when it is read: the encoder will find and report that.
 */
export function copyData<T>(value: T): T {
  try {
    return copyPart(value) as T
  } catch {
    return carefully()(value) as T
  }
}

type Copy = (value: unknown) => unknown

const copyPart: Copy = (value) => copy(value, copyPart)

/** Copies what is in itself as well, and what can be copied beside what cannot. It is slower. */
function carefully(): Copy {
  const copies = new Map<unknown, unknown>()
  const part: Copy = (value) => {
    try {
      return copies.get(value) ?? copy(value, part, (target) => copies.set(value, target))
    } catch {
      return value
    }
  }
  return part
}

function copy(value: unknown, part: Copy, begun?: (target: object) => void): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (value instanceof Date) return new Date(value)
  if (Array.isArray(value)) {
    const list: unknown[] = value.slice()
    begun?.(list)
    list.forEach((inner, index) => {
      list[index] = part(inner)
    })
    return list
  }
  // Instances of an application's own classes are data; a Map, a Buffer or a stream is not.
  if (!isPlainObject(value)) return value
  const source: unknown = isFunction(value.toJSON) ? value.toJSON() : value
  if (!isPlainObject(source)) return part(source)
  const target: Record<string, unknown> = { ...source }
  begun?.(target)
  for (const [key, inner] of Object.entries(target)) {
    if (typeof inner === 'object') target[key] = part(inner)
  }
  return target
}
