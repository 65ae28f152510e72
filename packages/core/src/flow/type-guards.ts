/** Neither `null` nor `undefined`. */
export function exists<T>(value: T | null | undefined): value is T {
  return value !== null && value !== undefined
}

export function isString(value: unknown): value is string {
  return typeof value === 'string'
}

export function isNumber(value: unknown): value is number {
  return typeof value === 'number'
}

// biome-ignore lint/complexity/noBannedTypes: the guard says no more than that the value can be called
export function isFunction(value: unknown): value is Function {
  return typeof value === 'function'
}

/** A `Date` of any realm: test runners and frames have one of their own. */
export function isDate(value: unknown): value is Date {
  return Object.prototype.toString.call(value) === '[object Date]'
}

/** An object that is neither a list nor one of the language's own kinds; instances of classes count. */
export function isPlainObject(value: unknown): value is Record<string | symbol | number, unknown> {
  return Object.prototype.toString.call(value) === '[object Object]'
}
