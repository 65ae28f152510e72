import { isPlainObject } from '../flow/type-guards'

/**
 * A copy of what the caller handed in, so that neither side sees the other's later changes: plain objects, lists and
 * dates at every depth. Whatever knows how to turn itself into JSON, and every other kind of object, is taken over as
 * it is. Everything is left as it is if a getter throws, or if there is no end to it: the encoder will find and report
 * that.
 */
export function copyData<T>(value: T): T {
  try {
    return copy(value) as T
  } catch {
    return value
  }
}

function copy(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (value instanceof Date) return new Date(value)
  if (Array.isArray(value)) return value.map(copy)
  // Instances of an application's own classes are data; a Map, a Buffer or a stream is not.
  if ('toJSON' in value || !isPlainObject(value)) return value
  const target: Record<string, unknown> = { ...value }
  for (const key in target) {
    const inner = target[key]
    if (typeof inner === 'object') target[key] = copy(inner)
  }
  return target
}
