import type { CoreExtraContext } from './extra-context'
import type { Anything } from './json'
import type { Traits } from './traits'

export type ID = string | null | undefined

/** A moment: a `Date`, or a string that reads as one, ISO 8601 by preference. */
export type Timestamp = Date | string

export type SegmentEventType = 'track' | 'page' | 'identify' | 'group' | 'alias' | 'screen'

/** What happened, in your own words. */
export type EventProperties = Record<string, Anything>

/**
 * Which destinations get an event. `All: false` switches off every one that is not named;
 * `{ All: false, Amplitude: true }` sends to Amplitude alone (and to the Tracking API, which only
 * `'Segment.io': false` switches off). An object holds options for that destination.
 */
export interface IntegrationsOptions {
  All?: boolean
  [integration: string]: boolean | Record<string, Anything> | undefined
}

/** Options of one call. Keys that are not named here are written into the event's context, dots opening objects. */
export interface CoreOptions {
  anonymousId?: string
  userId?: string
  traits?: Traits
  integrations?: IntegrationsOptions
  timestamp?: Timestamp
  context?: CoreExtraContext
  messageId?: string
  [key: string]: Anything
}

/** What the library tells the server about itself. */
export interface SegmentEventMetadata {
  failedInitializations?: string[]
  bundled?: string[]
  unbundled?: string[]
  /** `process.version`, on Node. */
  nodeVersion?: string
  /** Where the library runs. */
  jsRuntime?: string
  bundledConfigIds?: string[]
  unbundledConfigIds?: string[]
  bundledIds?: string[]
}

/** One event on its way from the call to the server. */
export interface CoreSegmentEvent {
  /** Stays the same over retries, reloads and restarts: servers recognise duplicates by it. */
  messageId?: string
  userId?: ID
  anonymousId?: ID
  type: SegmentEventType
  properties?: EventProperties
  traits?: Traits
  integrations?: IntegrationsOptions
  context?: CoreExtraContext
  options?: CoreOptions
  /** Id of the group, of `group` calls. */
  groupId?: ID
  /** Name of the event, of `track` calls. */
  event?: string
  name?: string
  category?: string
  /** The id that `userId` replaces, of `alias` calls. */
  previousId?: ID
  writeKey?: string
  sentAt?: Date
  timestamp?: Timestamp
  _metadata?: SegmentEventMetadata
}

/** Which events are planned, and which destinations get them. */
export interface Plan {
  track?: TrackPlan
  identify?: Record<string, PlanEvent>
  group?: Record<string, PlanEvent>
}

export interface TrackPlan {
  [event: string]: PlanEvent | undefined
  /** Stands for every event that is not named. */
  __default?: PlanEvent
}

export interface PlanEvent {
  enabled?: boolean
  integrations?: Record<string, boolean>
}
