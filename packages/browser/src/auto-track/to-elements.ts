import { memberOf } from '../past-markup'
import type { Elements } from './types'

/** The elements that `method` was given. Throws a `TypeError` when anything else is among them, and takes none then. */
export function toElements<T extends Element>(given: Elements<T> | undefined, method: string): T[] {
  if (!given) return []
  const elements = listOf(given)
  if (!elements?.every(isElement))
    throw new TypeError(`${method} takes an element, a list of elements or null`)
  return elements
}

/** Whether it is an element, of this document or of a frame's. */
export function isElement(value: unknown): value is Element {
  return (
    typeof value === 'object' && value !== null && 'nodeType' in value && memberOf(value, 'nodeType') === 1
  )
}

function listOf<T extends Element>(given: NonNullable<Elements<T>>): T[] | undefined {
  // First, because a form is a list too: of its fields.
  if (isElement(given)) return [given]
  if (typeof given !== 'object') return undefined
  if ('toArray' in given) return given.toArray()
  return 'length' in given ? Array.from(given) : undefined
}
