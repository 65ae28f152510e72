export type { OAuthClient, OAuthOptions, PublicJWK } from './auth/oauth-options'
export { createDevServer, type DevServer } from './create-dev-server'
export { DevServerError, type DevServerErrorCode } from './dev-server-error'
export type { EventFault, FaultReason } from './events/event-fault'
export type {
  AcceptedEvent,
  Channel,
  EventFacts,
  EventPayload,
  EventRecord,
  FailedEvent,
} from './events/event-record'
export type { EventType } from './events/event-type'
export type { ActiveFault, Fault, FaultAction, FaultTerms } from './faults/fault'
export type { MistakeReason } from './feed/arrivals'
export type { BatchNotice, Notice, RefusedNotice, ResetNotice } from './feed/notice'
export type { RouteName } from './http/route-name'
export type { JsonObject } from './json'
export type { Limits } from './limits'
export type { DevServerOptions } from './options'
export type { RateLimitOptions } from './rate-limit'
export type { Counts, RefusalReason } from './store/counters'
