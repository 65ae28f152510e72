import { AnalyticsClient } from './analytics-client'
import { nodePlatform } from './platform/node-platform'
import type { AnalyticsSettings } from './settings'

/**
 * Sends customer events from a server to the Tracking API. Make one for the life of the process; every method may be
 * taken off it and called on its own.
 *
 * @example
 * const analytics = new Analytics({ writeKey: '…' })
 * analytics.track({ userId: '42', event: 'Order Completed' })
 * await analytics.closeAndFlush()
 */
export class Analytics extends AnalyticsClient {
  /** @throws ValidationError for the first setting that cannot be used; it names it. */
  constructor(settings: AnalyticsSettings) {
    super(settings, nodePlatform)
  }
}

export type {
  CancelationOptions,
  CoreExtraContext,
  CoreOptions,
  EventProperties,
  GroupTraits,
  ID,
  IntegrationsOptions,
  Timestamp,
  Traits,
  UserTraits,
} from '@sluice/core'
export { ContextCancelation, TimeLimitError, ValidationError } from '@sluice/core'
export type { StatusBehavior } from '@sluice/core/internal'
export { EventTooLargeError, QueueFullError } from '@sluice/core/internal'
export type { EventCounts, Plugin, ScopedAnalytics } from './analytics-client'
export { Context } from './context'
export type {
  DroppedEvent,
  FlushedBatch,
  HTTPRequestEvent,
  HTTPResponseEvent,
  NodeEmittedError,
  NodeEmitterEvents,
} from './events'
export { FetchHTTPClient } from './http/fetch-http-client'
export type { NodeHTTPClientOptions } from './http/node-http-client'
export { NodeHTTPClient } from './http/node-http-client'
export type {
  HTTPCall,
  HTTPClient,
  HTTPClientRequest,
  HTTPFetchFn,
  HTTPFetchRequest,
  HTTPHeaders,
  HTTPResponse,
} from './http/types'
export type { OAuthSettings } from './oauth/settings'
export type {
  AliasParams,
  CloseAndFlushParams,
  ExtraContext,
  FlushParams,
  GroupParams,
  IdentifyParams,
  IdentityOptions,
  PageParams,
  Scoped,
  TrackParams,
} from './params'
export type { Callback } from './pending-events'
export type { Scope } from './scope'
export type { SegmentEvent } from './segment-event'
export type { AnalyticsSettings } from './settings'
export { version } from './version'
export { Analytics as default }
