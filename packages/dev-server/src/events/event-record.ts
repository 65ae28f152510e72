import type { JsonObject } from '../json'
import type { EventFault } from './event-fault'
import type { EventType } from './event-type'

/** `server` for the full routes that server SDKs use, `client` for the short ones that browsers use. */
export type Channel = 'server' | 'client'

/** What is kept of every event, whatever became of it. Times are ISO 8601 in UTC. */
export interface EventFacts {
  /** Place in the order of arrival; grows for the life of the store, also over a reset. */
  seq: number
  /** The source it came in by. */
  writeKey: string
  /** The sender's id, or the one made here when there was none. */
  messageId: string
  /** Event name of a track call, or name of a page or screen. */
  event: string | null
  userId: string | null
  anonymousId: string | null
  channel: Channel
  receivedAt: string
  /** What of the event the store could no longer read, by column; only where its file is damaged. */
  damage?: string
}

/** An event as destinations would get it: what the sender sent, completed on ingest. */
export interface EventPayload {
  type: EventType
  messageId: string
  channel: Channel
  context: JsonObject
  integrations: JsonObject
  /** When the event happened by this server's clock. */
  timestamp: string
  /** When it happened by the sender's clock. */
  originalTimestamp: string
  /** When it was sent, by the sender's clock. */
  sentAt?: string
  receivedAt: string
  version: number
  userId?: string | number | null
  anonymousId?: string | number | null
  event?: string
  name?: string
  properties?: JsonObject | null
  traits?: JsonObject | null
  groupId?: string | number
  previousId?: string | number
  [field: string]: unknown
}

/** An event that passed ingest; `payload` is the event as destinations would get it. */
export interface AcceptedEvent extends EventFacts {
  status: 'accepted'
  type: EventType
  payload: EventPayload
}

/** An event that failed on ingest; `payload` is what the sender sent. */
export interface FailedEvent extends EventFacts {
  status: 'failed'
  /** The call it was meant to be, where that can be told. */
  type: EventType | null
  payload: unknown
  failure: EventFault
}

/** An event as the test API shows it. */
export type EventRecord = AcceptedEvent | FailedEvent
