import { isPlainObject } from '@sluice/core'
import { valueAt } from './value-at'

/** Keys of the objects at some paths, such as `{ properties: ['email', 'phone'] }`. */
export type KeysByPath = readonly (readonly [path: string, keys: readonly string[]])[]

/** Reads them from the settings of a filter. */
export function readKeys(config: unknown): KeysByPath {
  if (!isPlainObject(config)) throw new TypeError('A filter names no properties')
  return Object.entries(config).map(([path, keys]) => {
    if (!Array.isArray(keys)) throw new TypeError(`The properties at ${JSON.stringify(path)} are no list`)
    return [path, keys.map(String)]
  })
}

/** Visits the objects that have the keys: the one at each path, or if a list stands there those in it. */
export function visit(
  event: object,
  keysByPath: KeysByPath,
  change: (target: Record<string, unknown>, keys: readonly string[]) => void,
): void {
  for (const [path, keys] of keysByPath) {
    for (const target of objectsIn(path === '' ? event : valueAt(event, path))) change(target, keys)
  }
}

function objectsIn(value: unknown): Record<string, unknown>[] {
  if (Array.isArray(value)) return value.flatMap(objectsIn)
  return isPlainObject(value) ? [value] : []
}
