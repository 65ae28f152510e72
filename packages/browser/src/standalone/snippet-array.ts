import type { Analytics } from '../analytics'
import type { InitOptions } from '../options'

/** The list that a snippet keeps calls in until the library is there. */
export interface SnippetArray extends Array<unknown> {
  initialized?: boolean
  readonly _writeKey?: unknown
  readonly _loadOptions?: InitOptions
  readonly _cdn?: unknown
}

/** Bears witness that a library has taken the list over, so that a second one leaves it alone. */
const taken = Symbol.for('sluice.taken')

export function isSnippetArray(value: unknown): value is SnippetArray {
  return Array.isArray(value)
}

export function isTaken(array: SnippetArray): boolean {
  return taken in array
}

/** Hands all calls to `make`, those in the list and, as they come, those that are put there later. */
export function takeCalls(array: SnippetArray, make: (entry: unknown) => void): void {
  const waiting = array.splice(0)
  const push = (...entries: unknown[]) => {
    for (const entry of entries) make(entry)
    return 0
  }
  // Defined, not assigned: what arrays inherit may be frozen.
  Object.defineProperties(array, {
    [taken]: { value: true },
    push: { value: push, writable: true, configurable: true },
  })
  for (const entry of waiting) make(entry)
}

/** Lets those who still hold the list call the client: some scripts of a page remember it from before. */
export function forwardTo(analytics: Analytics, array: SnippetArray): void {
  array.initialized = true
  for (const [name, stub] of Object.entries(array)) {
    const method: unknown = Reflect.get(analytics, name)
    if (name !== 'push' && typeof stub === 'function' && typeof method === 'function') {
      Reflect.set(array, name, (...args: unknown[]): unknown => Reflect.get(analytics, name)(...args))
    }
  }
}
