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
  if (Array.isArray(value)) return copyList(value, above)
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype === Object.prototype || prototype === null) return copyObject(value, above)
  if (value instanceof Date) return new Date(value.getTime())
  if (isOpaque(value)) return value
  return copyObject(value, above)
}

function copyList(list: unknown[], above: Above | undefined): unknown {
  if (isWithinItself(list, above)) return list
  const here = { source: list, above }
  return list.map((item) => (typeof item === 'object' ? copy(item, here) : item))
}

function copyObject(source: object, above: Above | undefined): unknown {
  if ('toJSON' in source || isWithinItself(source, above)) return source
  const target: Record<string, unknown> = { ...source }
  let here: Above | undefined
  for (const key in target) {
    const value = target[key]
    if (typeof value === 'object' && value !== null) {
      here ??= { source, above }
      target[key] = copy(value, here)
    }
  }
  return target
}

function isWithinItself(source: object, above: Above | undefined): boolean {
  for (let parent = above; parent; parent = parent.above) if (parent.source === source) return true
  return false
}

// Instances of an application's own classes are data; a Map, a Buffer or a stream is not.
function isOpaque(value: object): boolean {
  return 'toJSON' in value || Object.prototype.toString.call(value) !== '[object Object]'
}
