import { isDateMs } from './correct-timestamp'

const isoDate =
  /^(?!-000000)(?<year>\d{4}|[+-]\d{6})-(?<month>\d\d)-(?<day>\d\d)(?:T(?<minute>\d\d:\d\d)(?::(?<second>\d\d)(?:[.,](?<fraction>\d+))?)?(?<zone>Z|[+-]\d\d(?::?\d\d)?)?)?$/

// What SDKs send, on a day that every month has: told quickly, because every event has some of them.
const usualDate = /^\d{4}-\d\d-(?:[01]\d|2[0-8])T\d\d:\d\d:\d\d\.\d{3}Z$/

/**
 * Reads a date in ISO 8601 (a whole day at least, with hyphens and colons), such as `2026-01-31`, `2026-01-31T12:00:00.5Z`
 * or `2026-01-31T14:00+02:00`, as ms since 1970; `undefined` for everything else. `Date.parse` alone would do worse: to V8 "Order 66" is a date, and February has 30 days.
 */
export function readIsoDateMs(value: unknown): number | undefined {
  if (typeof value !== 'string') return undefined
  if (usualDate.test(value)) return inRange(Date.parse(value))
  const parts = isoDate.exec(value)?.groups
  if (parts === undefined) return undefined
  const { year = '', month = '', day = '', minute, second = '00', fraction = '', zone = '' } = parts
  if (Number(day) > daysIn(Number(year), Number(month))) return undefined
  const date = `${year}-${month}-${day}`
  const ms = Date.parse(
    minute === undefined ? date : `${date}T${minute}:${second}.${thousandths(fraction)}${inFull(zone)}`,
  )
  return inRange(ms)
}

function inRange(ms: number): number | undefined {
  return isDateMs(ms) ? ms : undefined
}

function daysIn(year: number, month: number): number {
  // Every fourth century has the same calendar, and this one is far from where dates end.
  return new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate()
}

function thousandths(fraction: string): string {
  return fraction.slice(0, 3).padEnd(3, '0')
}

function inFull(zone: string): string {
  if (zone === '' || zone === 'Z') return zone
  const digits = zone.slice(1).replace(':', '').padEnd(4, '0')
  return `${zone.charAt(0)}${digits.slice(0, 2)}:${digits.slice(2)}`
}
