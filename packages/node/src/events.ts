import type { ContextCancelation, CoreEmittedError, CoreEmitterContract } from '@sluice/core'
import type { Context } from './context'
import type { SegmentEvent } from './segment-event'
import type { AnalyticsSettings } from './settings'

/**
 * Something went wrong. `code`:
 * - `delivery_failure`: the event of `ctx` was not delivered, and will not be. `reason` says why.
 * - `destination_failure`: a destination plugin failed on the event of `ctx`; the event itself went on.
 * - `validation_failure`: a call has bad data, and its event is not sent. Without `ctx` if the client is closed or disabled.
 * - `unknown`: a listener or `waitUntil` threw; `reason` is what it threw.
 */
export interface NodeEmittedError extends CoreEmittedError<Context> {
  code: 'delivery_failure' | 'destination_failure' | 'validation_failure' | 'unknown' | (string & {})
}

/** A plugin decided that an event goes no further. */
export interface DroppedEvent {
  ctx: Context
  /** Name of the plugin. */
  by: string
  reason: ContextCancelation
}

/** A request that is about to be made. `headers` are those that are sent, credentials included: think before you log. */
export interface HTTPRequestEvent {
  body: string
  method: 'POST'
  url: string
  headers: Record<string, string>
}

/** An answer. */
export interface HTTPResponseEvent {
  status: number
  statusText: string
  url: string
  /** The body of the *request*: that is what Segment's library puts here, and clients parse it. */
  body: string
  /** The response headers, names in lower case. */
  headers: Record<string, string>
  /** The body of the response, up to 64 KiB of it, if the HTTP client lets one read it. */
  responseBody?: string
}

/** A batch has come to its end. */
export interface FlushedBatch {
  /** How many events it held. */
  events: number
  /** Their size, in bytes. */
  bytes: number
  /** Whether the server took it. */
  delivered: boolean
  /** Why not. */
  reason?: unknown
}

/** What the client emits, with what its listeners get. A listener that throws harms nothing but itself. */
export type NodeEmitterEvents = CoreEmitterContract<Context, NodeEmittedError> & {
  /** The client was made. It happens in the constructor, before anybody can listen. */
  initialize: [settings: AnalyticsSettings]
  /** A method was called and its event accepted. */
  dispatch_start: [ctx: Context]
  http_request: [request: HTTPRequestEvent]
  http_response: [response: HTTPResponseEvent]
  /** A batch was delivered or given up. */
  flush: [batch: FlushedBatch]
  /** A plugin dropped an event. */
  dropped: [dropped: DroppedEvent]
  /** A method was called after the client was closed; the event is lost. */
  call_after_close: [event: SegmentEvent]
  /** No event is on its way any more. */
  drained: []
}
