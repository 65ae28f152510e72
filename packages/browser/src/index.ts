export type {
  Callback,
  CancelationOptions,
  ContextFailedDelivery,
  EventProperties,
  GroupTraits,
  ID,
  JSONArray,
  JSONObject,
  JSONPrimitive,
  JSONValue,
  Plan,
  PlanEvent,
  SerializedContext,
  TrackPlan,
  Traits,
  UserTraits,
} from '@sluice/core'
export { ContextCancelation, ValidationError } from '@sluice/core'
export type { KeyValueStore } from '@sluice/core/internal'
export { Analytics } from './analytics'
export { AnalyticsBrowser } from './analytics-browser'
export { AnalyticsNode } from './analytics-node'
export type { FormArguments, LinkArguments } from './auto-track/types'
export type { AnalyticsBrowserSettings, ClassicIntegrationSource } from './browser-settings'
export type {
  AliasArguments,
  EventMap,
  GroupArguments,
  IdentifyArguments,
  NamedEventArguments,
  PageArguments,
  TrackArguments,
} from './call-arguments'
export { Context } from './context'
export type { AnalyticsEmitterContract } from './emitter-contract'
export type { HighEntropyHint } from './environment/client-hints'
export { EventFactory } from './event-factory'
export type { EventQueue } from './event-queue'
export { resolveAliasArguments } from './events/alias-arguments'
export { resolvePageArguments } from './events/page-arguments'
export { resolveArguments } from './events/track-arguments'
export { resolveUserArguments } from './events/user-arguments'
export { getGlobalAnalytics } from './global-analytics'
export type { FetchConfig } from './http/fetch-transport'
export type { HttpConfig } from './http/http-config'
export { Group } from './identity/group'
export type { UserOptions } from './identity/options'
export { User } from './identity/user'
export type { AnalyticsInstanceSettings } from './instance-settings'
export type { DestinationMiddlewareFunction, MiddlewareFunction, MiddlewarePayload } from './middleware/types'
export { NullAnalytics } from './null-analytics'
export type {
  AnalyticsSettings,
  BatchingConfig,
  DeliveryStrategy,
  InitOptions,
  IntegrationsInitOptions,
  QueryStringOptions,
  SegmentioIntegrationInitOptions,
  SegmentioSettings,
} from './options'
export type { BufferedPageContext } from './page/buffered-page-context'
export {
  BufferedPageContextDiscriminant,
  createBufferedPageContext,
  getDefaultBufferedPageContext,
  isBufferedPageContext,
} from './page/buffered-page-context'
export type { PageContext } from './page/page-context'
export { createPageContext, getDefaultPageContext } from './page/page-context'
export type { Plugin, PluginFactory } from './plugin'
export type { SegmentioPlugin } from './plugins/segmentio'
export { segmentio } from './plugins/segmentio'
export type {
  InternalDestinationPluginWithAddMiddleware,
  InternalPluginWithAddMiddleware,
} from './plugins/types'
export { isDestinationPluginWithAddMiddleware } from './plugins/types'
export type { Options, SegmentEvent } from './segment-event'
export type {
  CDNSettings,
  RemoteIntegrationSettings,
  RemotePlugin,
  RemotePluginSettings,
} from './settings/cdn-settings'
export type { AnalyticsSnippet, WithId } from './snippet-types'
export type { CookieOptions } from './storage/cookie-store'
export type { StorageSettings, StoreType } from './storage/stores'
export type { StorageObject, Store } from './storage/universal-storage'
export { UniversalStorage } from './storage/universal-storage'
