import type { Library } from './libraries'

const uuid = '[\\da-f]{8}-[\\da-f]{4}-[\\da-f]{4}-[\\da-f]{4}-[\\da-f]{12}'
const anyId = new RegExp(`(?:(?:ajs|node)-next-\\d+-)?${uuid}`, 'g')

/** What clients draw by lot, or measure. */
const byChance = ['$insert_id', '$sdk_debug_extensions_init_time_ms', 'duration']

/** Names for texts that differ from run to run, such as addresses of servers. */
export type Names = Readonly<Record<string, string>>

/**
 * What was seen of a client, so that it can be compared between the libraries: what is of today has lost its moment, and
 * ids made by chance are numbered in the order in which they appear, so that the same id has the same number everywhere.
 */
export function comparable<Facts>(library: Library, facts: Facts, names: Names = {}): Facts {
  const numbers = new Map<string, number>()
  return plain(library, facts, names, (id) => {
    const number = numbers.get(id) ?? numbers.size + 1
    numbers.set(id, number)
    return id.includes('-next-') ? `<message ${number}>` : `<id ${number}>`
  })
}

/** Requests that are under way together arrive in any order: here they stand by what they say. */
export function byContent<Item>(library: Library, items: readonly Item[]): Item[] {
  return items
    .map((item) => [JSON.stringify(plain(library, item, {}, () => '<id>')), item] as const)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([, item]) => item)
}

function plain<Value>(library: Library, value: Value, names: Names, nameId: (id: string) => string): Value {
  const text = JSON.stringify(sorted(value), (key, inner: unknown) => {
    if (key === 'library' && isLibrary(inner))
      return libraryNames[library].test(inner.name) ? '<library>' : inner
    if (byChance.includes(key)) return '<by chance>'
    if (typeof inner === 'number') return isOfToday(inner) || isOfToday(inner * 1_000) ? '<now>' : inner
    if (typeof inner !== 'string') return inner
    if (/^\d{4}-\d\d-\d\dT/.test(inner) && isOfToday(Date.parse(inner))) return '<now>'
    return Object.entries(names)
      .reduce((text, [given, name]) => text.replaceAll(given, name), inner)
      .replace(anyId, nameId)
      .replace(/(?<=[?&]_=)\d{13}/, '<now>')
  })
  return JSON.parse(text)
}

/** Keys have an order of no meaning. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null || 'toJSON' in value) return value
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]))
}

function isLibrary(value: unknown): value is { name: string } {
  return typeof value === 'object' && value !== null && 'name' in value && 'version' in value
}

/** What the libraries call themselves in `context.library`. */
const libraryNames: Record<Library, RegExp> = {
  segment: /^(@segment\/|analytics\.js$)/,
  sluice: /^@sluice\//,
}

const isOfToday = (time: number) => Math.abs(time - Date.now()) < 86_400_000
