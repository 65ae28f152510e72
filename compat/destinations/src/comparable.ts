import type { VendorCall } from './page/recorder'
import type { Facts } from './visit'

const uuid = /[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}/
const messageId = new RegExp(`ajs-next-\\d+-${uuid.source}`, 'g')
const anyUUID = new RegExp(uuid.source, 'g')

/**
 * Facts of two visits can be compared when the same id has the same name wherever it stands, and what is of today has
 * lost its moment. What the script itself says stays as it is. Calls are in order for each vendor: who of several is
 * first depends on whose script comes first.
 */
export function comparable(facts: Facts): Facts {
  const ids = new Map<string, string>()
  const nameOf = (kind: string) => (id: string) => {
    const name = ids.get(id) ?? `(${kind} ${ids.size + 1})`
    ids.set(id, name)
    return name
  }
  const sorted = { ...facts, vendorCalls: byVendor(facts.vendorCalls) }
  const text = JSON.stringify(sorted, (key, value: unknown) => {
    if (key === 'library' && typeof value === 'object') return '(library)'
    if (typeof value === 'number') return isOfToday(value) ? '(now)' : value
    if (typeof value !== 'string') return value
    if (/^\d{4}-\d\d-\d\dT/.test(value) && isOfToday(Date.parse(value))) return '(now)'
    // A vendor's way around caches.
    const settled = value.replace(/\b0\.\d{6,}/g, '(by chance)')
    return settled.replace(messageId, nameOf('message')).replace(anyUUID, nameOf('id'))
  })
  return JSON.parse(text)
}

const isOfToday = (time: number) => Math.abs(time - Date.now()) < 86_400_000

const byVendor = (calls: readonly VendorCall[]) =>
  [...calls].sort((a, b) => vendorOf(a).localeCompare(vendorOf(b)))
const vendorOf = ({ call }: VendorCall) => call.split('.')[0] ?? ''
