export type { CoreAnalytics } from './analytics'
export type { ContextFailedDelivery, SerializedContext } from './context'
export { CoreContext } from './context'
export type { CancelationOptions } from './context-cancelation'
export { ContextCancelation } from './context-cancelation'
export type { CoreEmittedError, CoreEmitterContract } from './emitter-contract'
export { ValidationError } from './errors'
export type { EventFactorySettings, EventHook, EventMethodCallHook } from './events/event-factory'
export { CoreEventFactory } from './events/event-factory'
export type { Campaign, CoreExtraContext } from './events/extra-context'
export type { DeepNullable, JSONArray, JSONObject, JSONPrimitive, JSONValue } from './events/json'
export type { BaseUserTraits, GroupTraits, Traits, UserTraits } from './events/traits'
export type {
  CoreOptions,
  CoreSegmentEvent,
  EventProperties,
  ID,
  IntegrationsOptions,
  Plan,
  PlanEvent,
  SegmentEventMetadata,
  SegmentEventType,
  Timestamp,
  TrackPlan,
} from './events/types'
export {
  assertEventExists,
  assertEventType,
  assertMessageId,
  assertTrackEventName,
  assertTrackEventProperties,
  assertTraits,
  assertUserIdentity,
  validateEvent,
} from './events/validate-event'
export type { BackoffParams } from './flow/backoff'
export { backoff } from './flow/backoff'
export { bindAll } from './flow/bind-all'
export type { Deferred } from './flow/deferred'
export { createDeferred } from './flow/deferred'
export type { EmitterContract, EmitterOptions } from './flow/emitter'
export { Emitter } from './flow/emitter'
export { ON_REMOVE_FROM_FUTURE, PriorityQueue } from './flow/priority-queue'
export { sleep } from './flow/sleep'
export type { TaskGroup } from './flow/task-group'
export { createTaskGroup } from './flow/task-group'
export { pTimeout, TimeLimitError } from './flow/time-limit'
export { exists, isFunction, isNumber, isPlainObject, isString } from './flow/type-guards'
export { CoreLogger } from './logger'
export { attempt, ensure } from './plugins/attempt'
export type { Callback, DispatchOptions } from './plugins/dispatch'
export { dispatch, getDelay, invokeCallback } from './plugins/dispatch'
export { CoreEventQueue } from './plugins/event-queue'
export type { EventQueueEmitterContract, EventQueueOptions } from './plugins/pipeline'
export type { CorePlugin, PluginHook, PluginType } from './plugins/types'
export type { GenericLogger, LogLevel, LogMessage } from './ports/logger'
export type { CompactMetric, CoreMetric, CoreMetricType } from './stats'
export { CoreStats, NullStats } from './stats'
