import { isEnvelope } from '../event-log'
import type { BrowserSubject } from './subjects'

const uuid = /[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}/g
const messageId = /^ajs-next-\d{13}-[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/

/**
 * Facts as plain data that can be compared between the libraries. Ids made by chance become numbers in the order of their
 * first appearance, so that where the same id stands twice it must be the same in both. Whether a request outlives its
 * page is left out: a server cannot see it, and ours do as far as the browser allows.
 */
export function comparable(facts: unknown, subject: BrowserSubject): unknown {
  const numbers = new Map<string, number>()
  const number = (id: string) => {
    const known = numbers.get(id) ?? numbers.size + 1
    numbers.set(id, known)
    return known
  }

  function plain(value: unknown, ancestors: readonly object[]): unknown {
    if (typeof value === 'string') {
      if (messageId.test(value)) return `<message id ${number(value)}>`
      return value.replace(uuid, (id) => `<uuid ${number(id)}>`)
    }
    if (typeof value === 'function') return '<function>'
    if (typeof value !== 'object' || value === null) return value
    if (value instanceof Date) return `<date ${value.toISOString()}>`
    if (value instanceof RegExp) return String(value)
    if (ancestors.includes(value)) return '<cycle>'
    if (value instanceof Error) {
      // The peer's errors are all named `Error`.
      const { name, ...rest } = value
      return plain({ error: value.message, ...rest }, [...ancestors, value])
    }
    if (isEnvelope(value)) return `<context of ${describe(value.event)}>`
    if ('isLoaded' in value && 'name' in value) return `<plugin ${String(value.name)}>`
    if (isLibrary(value, subject)) return '<library>'
    const inside = [...ancestors, value]
    if (Array.isArray(value)) return value.map((item) => plain(item, inside))
    const sorted = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
    return Object.fromEntries(
      sorted.flatMap(([key, inner]) =>
        inner === undefined || key === 'keepalive' ? [] : [[key, plain(inner, inside)]],
      ),
    )
  }

  return plain(facts, [])
}

function describe({ type, event, name }: Record<string, unknown>): string {
  return [type, event ?? name].filter((part) => part !== undefined).join(' ')
}

function isLibrary(value: object, { library }: BrowserSubject): boolean {
  const { name, version, ...rest } = value as Record<string, unknown>
  return name === library.name && version === library.version && Object.keys(rest).length === 0
}
