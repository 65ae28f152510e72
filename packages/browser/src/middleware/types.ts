import type { SegmentEvent } from '../segment-event'

/**
 * What a middleware sees of an event. What its methods answer are copies; to change the event, change `obj`. Where keys
 * are looked up, `productId`, `product_id` and `Product ID` are the same.
 */
export interface MiddlewarePayload {
  /** The event. It may be changed, and another may be put in its place; both count once `next` is called. */
  obj: SegmentEvent
  json(): SegmentEvent
  /** A value of the event, at a path such as `properties.total`; what lies below is what `properties` and `traits` answer. */
  proxy(path: string): unknown
  /** The same as `proxy`. */
  field(path: string): unknown

  type(): SegmentEvent['type']
  messageId(): SegmentEvent['messageId']
  userId(): SegmentEvent['userId']
  anonymousId(): SegmentEvent['anonymousId']
  groupId(): SegmentEvent['groupId']
  previousId(): SegmentEvent['previousId']
  timestamp(): Date
  context(): NonNullable<SegmentEvent['context']>
  integrations(): NonNullable<SegmentEvent['integrations']>

  /** What is known of the user, or of the group if the event tells of one; with the id, if there is one. */
  traits(): NonNullable<SegmentEvent['traits']>
  /** The trait or property of that name, or else an id that looks like an address. */
  email(): string | undefined
  /** Of the user, group, page or screen; of a `track` call the property of that name. */
  name(): unknown
  firstName(): string | undefined
  lastName(): string | undefined

  /** What happened, of a `track` call; of a page or screen that it was loaded. */
  event(): SegmentEvent['event']
  /** With the name and category of a page; the traits of a group. */
  properties(): NonNullable<SegmentEvent['properties']>
  category(): unknown
  /** As a number, also of a text such as `$9.50`; of a completed order without one its total. */
  revenue(): number | undefined
  /** @default 'USD' */
  currency(): unknown
  total(): unknown
  value(): unknown
  products(): unknown[]
  url(): unknown
  path(): unknown
  title(): unknown
  referrer(): unknown
}

/**
 * Sees every event before the plugins do, in the order of registration. The event goes on when `next` is called with the
 * payload, before the function ends or its promise resolves; `next(null)`, which can't be taken back, or not calling it
 * drops the event, and nobody sees what was changed in it. One that throws has the event tried again later.
 *
 * @example
 * analytics.addSourceMiddleware(({ payload, next }) => {
 *   payload.obj.context = { ...payload.obj.context, ip: '0.0.0.0' }
 *   next(payload)
 * })
 */
export type MiddlewareFunction = (call: {
  payload: MiddlewarePayload
  /** The destinations that were there when the middleware was added, by name. */
  integrations?: SegmentEvent['integrations']
  next(payload: MiddlewarePayload | null): void
}) => void | Promise<void>

/**
 * Sees every event on its way to one destination, as a copy of its own: what it changes, drops or fails to do concerns
 * that destination alone. `next` is what it is for source middleware.
 *
 * @example
 * analytics.addDestinationMiddleware('Google Analytics', ({ payload, next }) => {
 *   next(payload.email()?.endsWith('@example.com') ? null : payload)
 * })
 */
export type DestinationMiddlewareFunction = (call: {
  payload: MiddlewarePayload
  /** The destination's name. */
  integration: string
  next(payload: MiddlewarePayload | null): void
}) => void | Promise<void>
