import type { Fields } from './library'

/** Narrows an unknown value to an object with fields, or says what it was instead. */
export function fields(value: unknown): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields
  throw new TypeError(`expected an object with fields, got ${String(value)}`)
}

export function list(value: unknown): unknown[] {
  if (Array.isArray(value)) return value
  throw new TypeError(`expected a list, got ${String(value)}`)
}

export function text(value: unknown): string {
  if (typeof value === 'string') return value
  throw new TypeError(`expected a text, got ${String(value)}`)
}

/** Reads a value deep inside plain data. */
export function at(value: unknown, ...path: (string | number)[]): unknown {
  let current = value
  for (const key of path) {
    if (typeof current !== 'object' || current === null) return undefined
    current = (current as Fields)[key]
  }
  return current
}
