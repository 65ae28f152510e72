import type { SegmentEvent } from '../segment-event'

/** What a middleware sees of an event. */
export interface MiddlewarePayload {
  /** The event itself; what is changed in it is changed for all that come after. */
  readonly obj: SegmentEvent
  type(): SegmentEvent['type']
  /** A value of the event, at a path such as `properties.total`. */
  field(path: string): unknown
  proxy(path: string): unknown
  userId(): SegmentEvent['userId']
  anonymousId(): SegmentEvent['anonymousId']
  messageId(): SegmentEvent['messageId']
  traits(): SegmentEvent['traits']
  properties(): SegmentEvent['properties']
  context(): SegmentEvent['context']
  integrations(): SegmentEvent['integrations']
  timestamp(): SegmentEvent['timestamp']
  event(): SegmentEvent['event']
  groupId(): SegmentEvent['groupId']
  json(): SegmentEvent
}

/**
 * Sees every event before the plugins do, in the order of registration. The event goes on when `next` is called with a
 * payload; `next(null)`, or not calling it, drops the event.
 *
 * @example
 * analytics.addSourceMiddleware(({ payload, next }) => {
 *   payload.obj.context = { ...payload.obj.context, ip: '0.0.0.0' }
 *   next(payload)
 * })
 */
export type MiddlewareFunction = (call: {
  payload: MiddlewarePayload
  /** The destinations that are there, by name. */
  integrations?: SegmentEvent['integrations']
  next(payload: MiddlewarePayload | null): void
}) => void | Promise<void>

/** Sees every event on its way to one destination, as a copy of its own. */
export type DestinationMiddlewareFunction = (call: {
  payload: MiddlewarePayload
  /** The destination's name. */
  integration: string
  next(payload: MiddlewarePayload | null): void
}) => void | Promise<void>
