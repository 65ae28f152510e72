import { isDateMs } from '../events/correct-timestamp'
import { isEventType } from '../events/event-type'
import { readIsoDateMs } from '../events/iso-date'
import { isJsonObject, type JsonObject } from '../json'
import { type EventFilter, payloadFields, textFields } from '../store/event-filter'
import { parseJson } from './parse-json'
import { Problem } from './problem'

/** The names that `readFilter` knows. */
export const filterNames = [
  'status',
  ...textFields,
  ...payloadFields,
  'since',
  'after',
] as const satisfies (keyof EventFilter)[]

/** Reads an event filter out of a query or a JSON body, where numbers and dates may be text. */
export function readFilter(input: JsonObject): EventFilter {
  const filter: EventFilter = {}
  const status = readText(input, 'status')
  if (status === 'accepted' || status === 'failed' || status === 'all') filter.status = status
  else if (status !== undefined) throw invalid('status', 'must be accepted, failed or all')

  const type = readText(input, 'type')
  if (isEventType(type)) filter.type = type
  else if (type !== undefined) throw invalid('type', 'must be one of the six kinds of call')

  for (const field of ['event', 'userId', 'anonymousId', 'messageId', 'writeKey'] as const) {
    const text = readText(input, field)
    if (text !== undefined) filter[field] = text
  }
  for (const field of ['properties', 'traits'] as const) {
    const given = input[field]
    const wanted = typeof given === 'string' ? parseJson(given, field) : given
    if (isJsonObject(wanted)) filter[field] = wanted
    else if (wanted !== undefined) throw invalid(field, 'must be an object')
  }
  const since = readTime(input)
  if (since !== undefined) filter.since = since
  const after = readWhole(input, 'after', 0, Number.MAX_SAFE_INTEGER)
  if (after !== undefined) filter.after = after
  return filter
}

/** Reads a whole number that stands in a query as text, or in JSON as itself. */
export function readWhole(input: JsonObject, field: string, least: number, most: number): number | undefined {
  const value = input[field]
  if (value === undefined || value === '') return undefined
  const number = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value
  if (Number.isInteger(number) && Number(number) >= least && Number(number) <= most) return Number(number)
  throw invalid(field, `must be a whole number from ${least} to ${most}`)
}

function readText(input: JsonObject, field: string): string | undefined {
  const value = input[field]
  if (value === undefined || value === '') return undefined
  if (typeof value === 'string') return value
  throw invalid(field, 'must be text, and given once')
}

function readTime(input: JsonObject): number | undefined {
  const { since } = input
  if (since === undefined || since === '') return undefined
  const ms =
    typeof since === 'string' && /^\d+$/.test(since) ? Number(since) : (readIsoDateMs(since) ?? since)
  if (isDateMs(ms)) return ms
  throw invalid('since', 'must be a date in ISO 8601, or ms since 1970')
}

function invalid(where: string, what: string): Problem {
  return new Problem(400, 'invalid_parameter', `${where} ${what}`, { where })
}
