import type { EventType } from '../events/event-type'
import { isJsonObject, type JsonObject } from '../json'
import type { StoredEvent } from './stored-event'

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

/** Says whether an event is one of those a filter means. */
export function matchesFilter(event: StoredEvent, filter: EventFilter): boolean {
  const status = filter.status ?? 'accepted'
  return (
    (status === 'all' || event.status === status) &&
    (filter.after === undefined || event.seq > filter.after) &&
    (filter.since === undefined || event.receivedAt >= filter.since) &&
    textFields.every((field) => filter[field] === undefined || event[field] === filter[field]) &&
    matchesPayload(event, filter)
  )
}

/** Says whether what an event carries holds at least what a filter asks for. */
export function matchesPayload(event: StoredEvent, { properties, traits }: EventFilter): boolean {
  if (properties === undefined && traits === undefined) return true
  const payload: unknown = JSON.parse(event.json)
  if (!isJsonObject(payload)) return false
  return (
    (properties === undefined || holds(payload.properties, properties)) &&
    (traits === undefined || holds(payload.traits, traits))
  )
}

function holds(actual: unknown, wanted: unknown): boolean {
  if (Array.isArray(wanted)) {
    return (
      Array.isArray(actual) &&
      actual.length === wanted.length &&
      wanted.every((item, index) => holds(actual[index], item))
    )
  }
  if (!isJsonObject(wanted)) return actual === wanted
  return (
    isJsonObject(actual) &&
    Object.entries(wanted).every(([key, value]) => Object.hasOwn(actual, key) && holds(actual[key], value))
  )
}
