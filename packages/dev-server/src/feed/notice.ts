import type { Channel, EventRecord } from '../events/event-record'
import type { RefusalReason } from '../store/counters'
import { recordJson, toRecord } from '../store/stored-event'
import type { Arrival, MistakeReason } from './arrivals'

/** A request whose events were taken; faulty ones may be among them. */
export interface BatchNotice {
  kind: 'batch'
  /** The route by name, such as `track` or `batch`. */
  route: string
  writeKey: string
  channel: Channel
  receivedAt: string
  /** Size of the body as it came over the wire. */
  bytes: number
  accepted: number
  duplicates: number
  failed: number
  /** The events that were new, accepted or failed, in their order. */
  events: EventRecord[]
}

/** A request of which nothing was accepted, or that went to the wrong address. */
export interface RefusedNotice {
  kind: 'refused'
  /** The route by name, such as `track`, `settings` or `token`; the method and path of a request that no route takes. */
  route: string
  receivedAt: string
  /** What was answered; absent when a fault cut the answer. */
  status?: number
  /** `route`: no route takes it. `host`: its `Host` header names another server. These two are not counted. */
  reason: RefusalReason | MistakeReason
  message: string
}

/** Everything was forgotten. */
export interface ResetNotice {
  kind: 'reset'
  receivedAt: string
}

/** What listeners and streams are told, request by request. */
export type Notice = BatchNotice | RefusedNotice | ResetNotice

/** The notice as an object, for listeners in this process. */
export function toNotice(arrival: Arrival): Notice {
  return arrival.kind === 'batch'
    ? { ...batchFacts(arrival), events: arrival.events.map(toRecord) }
    : plainNotice(arrival)
}

/** The notice as JSON, for streams. */
export function noticeJson(arrival: Arrival): string {
  if (arrival.kind !== 'batch') return JSON.stringify(plainNotice(arrival))
  return `${JSON.stringify(batchFacts(arrival)).slice(0, -1)},"events":[${arrival.events.map(recordJson).join(',')}]}`
}

function batchFacts(arrival: Extract<Arrival, { kind: 'batch' }>): Omit<BatchNotice, 'events'> {
  const { kind, route, writeKey, channel, bytes, duplicates, events } = arrival
  const accepted = events.filter(({ status }) => status === 'accepted').length
  const receivedAt = new Date(arrival.receivedAt).toISOString()
  return {
    kind,
    route,
    writeKey,
    channel,
    receivedAt,
    bytes,
    accepted,
    duplicates,
    failed: events.length - accepted,
  }
}

function plainNotice(arrival: Exclude<Arrival, { kind: 'batch' }>): RefusedNotice | ResetNotice {
  const receivedAt = new Date(arrival.receivedAt).toISOString()
  if (arrival.kind === 'reset') return { kind: 'reset', receivedAt }
  const { kind, route, status, reason, message } = arrival
  return { kind, route, receivedAt, ...(status === undefined ? {} : { status }), reason, message }
}
