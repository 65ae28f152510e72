import type { AcceptedEvent, EventFacts, EventRecord, FailedEvent } from '../events/event-record'
import type { PreparedEvent } from '../events/prepare-event'

/** An event with its place in the order of arrival. */
export type StoredEvent = PreparedEvent & {
  seq: number
  /** What of its row in the store cannot be read; absent from nearly all. */
  damage?: string
}

const payloads = new WeakMap<StoredEvent, { value: unknown }>()

/** What an event carries, parsed once however many look at it; `undefined` when it is not JSON. */
export function payloadOf(event: StoredEvent): unknown {
  const known = payloads.get(event)
  if (known !== undefined) return known.value
  const value = parsePayload(event.json)
  payloads.set(event, { value })
  return value
}

/** Parses a payload as it lies in the store; `undefined` when it is not JSON. */
export function parsePayload(json: unknown): unknown {
  try {
    return typeof json === 'string' ? JSON.parse(json) : undefined
  } catch {
    return undefined
  }
}

/** The event as JSON for an answer. The payload's text goes in as it lies in the store: nothing is parsed to be written again. */
export function recordJson(event: StoredEvent): string {
  return `${JSON.stringify(withoutPayload(event)).slice(0, -1)},"payload":${event.json}}`
}

/** The event as an object, for listeners in this process. */
export function toRecord(event: StoredEvent): EventRecord {
  // Each listener gets a copy of its own. What is stored was written by this server, so its form is known.
  return { ...withoutPayload(event), payload: JSON.parse(event.json) } as EventRecord
}

function withoutPayload(event: StoredEvent): Omit<AcceptedEvent, 'payload'> | Omit<FailedEvent, 'payload'> {
  const facts: EventFacts = {
    seq: event.seq,
    writeKey: event.writeKey,
    messageId: event.messageId,
    event: event.event,
    userId: event.userId,
    anonymousId: event.anonymousId,
    channel: event.channel,
    receivedAt: new Date(event.receivedAt).toISOString(),
    ...(event.damage === undefined ? {} : { damage: event.damage }),
  }
  return event.status === 'accepted'
    ? { ...facts, status: 'accepted', type: event.type }
    : { ...facts, status: 'failed', type: event.type, failure: event.failure }
}
