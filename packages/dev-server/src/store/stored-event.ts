import type { AcceptedEvent, EventFacts, EventRecord, FailedEvent } from '../events/event-record'
import type { PreparedEvent } from '../events/prepare-event'

/** An event with its place in the order of arrival. */
export type StoredEvent = PreparedEvent & { seq: number }

/** The event as JSON for an answer. The payload's text goes in as it lies in the store: nothing is parsed to be written again. */
export function recordJson(event: StoredEvent): string {
  return `${JSON.stringify(withoutPayload(event)).slice(0, -1)},"payload":${event.json}}`
}

/** The event as an object, for listeners in this process. */
export function toRecord(event: StoredEvent): EventRecord {
  // What is stored was written by this server, so its form is known.
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
  }
  return event.status === 'accepted'
    ? { ...facts, status: 'accepted', type: event.type }
    : { ...facts, status: 'failed', type: event.type, failure: event.failure }
}
