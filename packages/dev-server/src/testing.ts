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
export type { RouteName } from './http/route-name'
export type { JsonObject } from './json'
export type { Counts, RefusalReason } from './store/counters'
export {
  createTestClient,
  type EventQuery,
  type Found,
  type TestClient,
  type WaitOptions,
} from './testing/create-test-client'
