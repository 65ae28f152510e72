import { isPlainObject } from '@sluice/core'
import { copyData } from '@sluice/core/internal'
import type { Transform } from './transform'
import { valueAt } from './value-at'

/**
 * Puts values at paths: `copy` or `move` what stands elsewhere, `set` a constant, and `to_string` what stands there then.
 * Values are read from the event as it came, so that the order of the paths does not matter, and two can change places.
 * Where there is no object to put a value into, none is made and nothing moves.
 */
export function mapProperties(config: unknown): Transform {
  if (!isPlainObject(config)) throw new TypeError('A filter maps no properties')
  const mappings = Object.entries(config).map(([path, mapping]) => {
    if (!isPlainObject(mapping)) throw new TypeError(`Nothing is said of ${JSON.stringify(path)}`)
    return { path, mapping }
  })
  return (event) => {
    const original = copyData(event)
    const possible = mappings.filter(({ path }) => placeOf(original, path))
    for (const { mapping } of possible) remove(event, movedFrom(mapping))
    for (const { path, mapping } of possible) {
      put(event, path, mappedValue(mapping, original))
      if (mapping.to_string === true) put(event, path, textOf(valueAt(event, path)))
    }
    return true
  }
}

type Mapping = Record<string, unknown>

function mappedValue(mapping: Mapping, original: object): unknown {
  const from = typeof mapping.copy === 'string' ? mapping.copy : movedFrom(mapping)
  return copyData(from ? valueAt(original, from) : mapping.set)
}

function movedFrom({ copy, move }: Mapping): string {
  return typeof move === 'string' && typeof copy !== 'string' ? move : ''
}

function textOf(value: unknown): string | undefined {
  const isObject = typeof value === 'object' && value !== null
  return isObject || value === undefined ? undefined : String(value)
}

function put(event: object, path: string, value: unknown): void {
  const place = placeOf(event, path)
  if (place && value !== undefined) Reflect.set(place.parent, place.key, value)
}

function remove(event: object, path: string): void {
  const place = placeOf(event, path)
  if (place) Reflect.deleteProperty(place.parent, place.key)
}

function placeOf(event: object, path: string): { parent: object; key: string } | undefined {
  const dot = path.lastIndexOf('.')
  const parent = dot < 0 ? event : valueAt(event, path.slice(0, dot))
  return typeof parent === 'object' && parent !== null ? { parent, key: path.slice(dot + 1) } : undefined
}
