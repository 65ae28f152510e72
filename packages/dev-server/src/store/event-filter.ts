import type { EventType } from '../events/event-type'
import { isJsonObject, type JsonObject } from '../json'
import { type Difference, findDifference } from './find-difference'
import { payloadOf, type StoredEvent } from './stored-event'

/** Which events are meant. Every field that is given must match. */
export interface EventFilter {
  /** `accepted` (the default), `failed` on ingest, or `all`. */
  status?: 'accepted' | 'failed' | 'all'
  type?: EventType
  /** Name of a track event, page or screen. */
  event?: string
  userId?: string
  anonymousId?: string
  messageId?: string
  writeKey?: string
  /** Properties the event must have, at least; objects inside are compared the same way. */
  properties?: JsonObject
  /** Traits the event must have, at least. */
  traits?: JsonObject
  /** Received at or after this time, in ms since 1970. */
  since?: number
  /** Arrived after the event with this `seq`. */
  after?: number
}

/** The fields that are columns of the store, too. */
export const textFields = ['type', 'event', 'userId', 'anonymousId', 'messageId', 'writeKey'] as const

/** The fields that ask for something inside the payload. */
export const payloadFields = ['properties', 'traits'] as const

/** Says whether an event is one of those a filter means. */
export function matchesFilter(event: StoredEvent, filter: EventFilter): boolean {
  const status = filter.status ?? 'accepted'
  return (
    (status === 'all' || event.status === status) &&
    (filter.after === undefined || event.seq > filter.after) &&
    (filter.since === undefined || event.receivedAt >= filter.since) &&
    textFields.every((field) => filter[field] === undefined || event[field] === filter[field]) &&
    matchesPayload(payloadOf(event), filter)
  )
}

/** Says whether an event's payload holds at least what a filter asks for. */
export function matchesPayload(payload: unknown, filter: EventFilter): boolean {
  return payloadFields.every(
    (field) =>
      filter[field] === undefined || findDifference(fieldOf(payload, field), filter[field]) === undefined,
  )
}

// Enough to see what is wrong; a filter may hold thousands of properties.
const differencesShown = 5

/** What keeps a payload from holding what a filter asks for: the first places, at most one for each property. */
export function payloadDifferences(payload: unknown, filter: EventFilter): Difference[] {
  const found: Difference[] = []
  for (const field of payloadFields) {
    const wanted = filter[field]
    if (wanted === undefined) continue
    const got = fieldOf(payload, field)
    if (!isJsonObject(got)) found.push({ path: field, wanted, got })
    else {
      for (const [name, value] of Object.entries(wanted)) {
        const difference = findDifference(got, { [name]: value })
        if (difference !== undefined) found.push({ ...difference, path: `${field}${difference.path}` })
        if (found.length === differencesShown) return found
      }
    }
  }
  return found
}

function fieldOf(payload: unknown, field: (typeof payloadFields)[number]): unknown {
  return isJsonObject(payload) ? payload[field] : undefined
}
