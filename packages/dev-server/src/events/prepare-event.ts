import { isJsonObject, type JsonObject } from '../json'
import type { Limits } from '../limits'
import { correctTimestamp } from './correct-timestamp'
import type { EventFault } from './event-fault'
import type { Channel } from './event-record'
import { type EventType, isEventType } from './event-type'
import { readIsoDateMs } from './iso-date'
import { validateEvent } from './validate-event'

/** What an event shares with the request it came in. */
export interface Envelope {
  writeKey: string
  channel: Channel
  /** ms since 1970. */
  receivedAt: number
  /** `sentAt` of the envelope, as the sender wrote it. */
  sentAt: unknown
  /** Address of the sender. */
  ip: string
  /** What the route says the call is; `undefined` where each event says it itself. */
  type: EventType | undefined
  /** Batch-level objects that lie beneath each event's own. */
  context: JsonObject | undefined
  integrations: JsonObject | undefined
}

interface PreparedFacts {
  writeKey: string
  messageId: string
  event: string | null
  userId: string | null
  anonymousId: string | null
  channel: Channel
  receivedAt: number
  /** The payload as JSON, made once: for its size, the store and every listener. */
  json: string
}

export type PreparedEvent =
  | (PreparedFacts & { status: 'accepted'; type: EventType })
  | (PreparedFacts & { status: 'failed'; type: EventType | null; failure: EventFault })

/** Turns one item as it was sent into what the store keeps: checked and brought into the form destinations get. */
export function prepareEvent(
  item: unknown,
  envelope: Envelope,
  limits: Limits,
  createMessageId: () => string,
): PreparedEvent {
  const sent = isJsonObject(item) ? item : {}
  const type = envelope.type ?? (isEventType(sent.type) ? sent.type : null)
  const facts = {
    writeKey: envelope.writeKey,
    messageId: readMessageId(sent.messageId, limits) ?? createMessageId(),
    event: readText(type === 'page' || type === 'screen' ? sent.name : sent.event),
    userId: readText(sent.userId),
    anonymousId: readText(sent.anonymousId),
    channel: envelope.channel,
    receivedAt: envelope.receivedAt,
  }
  const failed = (failure: EventFault): PreparedEvent => ({
    ...facts,
    status: 'failed',
    type,
    failure,
    json: toJson(item) ?? 'null',
  })

  if (!isJsonObject(item)) {
    return failed({ reason: 'event_not_object', message: 'An event must be a JSON object' })
  }
  if (type === null) {
    return failed({
      reason: 'invalid_type',
      field: 'type',
      message: 'type must be one of the six kinds of call',
    })
  }
  const found = validateEvent(item, type, limits)
  if (found !== undefined) return failed(found)

  const json = toJson(normaliseEvent(item, type, facts.messageId, envelope))
  if (json === undefined) {
    return failed({
      reason: 'nested_too_deep',
      message: 'The event is nested too deeply to be written as JSON',
    })
  }
  const tooLarge = sizeFault(item, json, limits)
  return tooLarge === undefined ? { ...facts, status: 'accepted', type, json } : failed(tooLarge)
}

/** Makes the event that an item beyond the end of a batch leaves behind: its reason, and what was sent. */
export function refuseEvent(
  item: unknown,
  failure: EventFault,
  envelope: Envelope,
  limits: Limits,
  createMessageId: () => string,
): PreparedEvent {
  const prepared = prepareEvent(item, envelope, limits, createMessageId)
  return { ...prepared, status: 'failed', failure, json: toJson(item) ?? 'null' }
}

function normaliseEvent(
  { writeKey: _writeKey, ...item }: JsonObject,
  type: EventType,
  messageId: string,
  envelope: Envelope,
): JsonObject {
  const { receivedAt, channel } = envelope
  const sentAt = readIsoDateMs(envelope.sentAt) ?? readIsoDateMs(item.sentAt)
  const originalTimestamp =
    readIsoDateMs(item.timestamp) ?? readIsoDateMs(item.originalTimestamp) ?? sentAt ?? receivedAt
  return {
    ...item,
    type,
    messageId,
    channel,
    context: withAddress({ ...envelope.context, ...asObject(item.context) }, envelope),
    integrations: { ...envelope.integrations, ...asObject(item.integrations) },
    originalTimestamp: toIso(originalTimestamp),
    ...(sentAt === undefined ? {} : { sentAt: toIso(sentAt) }),
    receivedAt: toIso(receivedAt),
    timestamp: toIso(correctTimestamp({ originalTimestamp, sentAt, receivedAt })),
    version: 2,
  }
}

// A server's own address says nothing about its user, so only clients get theirs written down.
function withAddress(context: JsonObject, { channel, ip }: Envelope): JsonObject {
  return channel === 'client' && context.ip === undefined ? { ...context, ip } : context
}

function sizeFault(item: JsonObject, normalisedJson: string, limits: Limits): EventFault | undefined {
  // Normalising only adds, so most events are settled without writing them as JSON a second time.
  if (Buffer.byteLength(normalisedJson) <= limits.eventBytes) return undefined
  const bytes = Buffer.byteLength(toJson(item) ?? '')
  if (bytes <= limits.eventBytes) return undefined
  return {
    reason: 'event_too_large',
    message: `The event has ${bytes} bytes; at most ${limits.eventBytes} are allowed`,
  }
}

function toJson(value: unknown): string | undefined {
  try {
    return JSON.stringify(value)
  } catch {
    // The parser copes with any depth, the writer runs out of stack.
    return undefined
  }
}

function readMessageId(value: unknown, limits: Limits): string | undefined {
  if (typeof value !== 'string' || value === '') return undefined
  return value.slice(0, limits.messageIdChars)
}

function readText(value: unknown): string | null {
  if (typeof value === 'number') return String(value)
  return typeof value === 'string' && value !== '' ? value : null
}

function asObject(value: unknown): JsonObject {
  return isJsonObject(value) ? value : {}
}

function toIso(ms: number): string {
  return new Date(ms).toISOString()
}
