import { isPlainObject } from '../flow/type-guards'

/**
 * A copy of what the caller handed in, so that neither side sees the other's later changes: plain objects, lists and
 * dates at every depth. Whatever knows how to turn itself into JSON, and every other kind of object, is taken over as
 * it is. A cycle is left in place, for the encoder to find and report; so is everything if a getter throws.
 */
export function copyData<T>(value: T): T {
  try {
    return copy(value, undefined) as T
  } catch {
    return value
  }
}

interface Above {
  readonly source: object
  readonly above: Above | undefined
}

function copy(value: unknown, above: Above | undefined): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (value instanceof Date) return new Date(value)
  const isList = Array.isArray(value)
  // Instances of an application's own classes are data; a Map, a Buffer or a stream is not.
  if (!isList && ('toJSON' in value || !isPlainObject(value))) return value
  for (let parent = above; parent; parent = parent.above) if (parent.source === value) return value

  const here = { source: value, above }
  if (isList) return value.map((item) => copy(item, here))
  const target: Record<string, unknown> = { ...value }
  for (const key in target) {
    const inner = target[key]
    if (typeof inner === 'object') target[key] = copy(inner, here)
  }
  return target
}
