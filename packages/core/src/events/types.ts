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
  All?: boolean | undefined
  [integration: string]: boolean | Record<string, Anything> | undefined
}

/** Options of one call. Keys that are not named here are written into the event's context, dots opening objects. */
export interface CoreOptions {
  anonymousId?: string | undefined
  userId?: string | undefined
  traits?: Traits | undefined
  integrations?: IntegrationsOptions | undefined
  timestamp?: Timestamp | undefined
  context?: CoreExtraContext | undefined
  messageId?: string | undefined
  [key: string]: Anything
}

/** What the library tells the server about itself. */
export interface SegmentEventMetadata {
  failedInitializations?: unknown[] | undefined
  bundled?: string[] | undefined
  unbundled?: string[] | undefined
  /** `process.version`, on Node. */
  nodeVersion?: string | undefined
  /** Where the library runs. */
  jsRuntime?: string | undefined
  bundledConfigIds?: string[] | undefined
  unbundledConfigIds?: string[] | undefined
  bundledIds?: string[] | undefined
}

/** One event on its way from the call to the server. */
export interface CoreSegmentEvent {
  /** Stays the same over retries, reloads and restarts: servers recognise duplicates by it. */
  messageId?: string | undefined
  userId?: ID
  anonymousId?: ID
  type: SegmentEventType
  properties?: EventProperties | undefined
  traits?: Traits | undefined
  integrations?: IntegrationsOptions | undefined
  context?: CoreExtraContext | undefined
  options?: CoreOptions | undefined
  /** Id of the group, of `group` calls. */
  groupId?: ID
  /** Name of the event, of `track` calls. */
  event?: string | undefined
  name?: string | undefined
  category?: string | undefined
  /** The id that `userId` replaces, of `alias` calls. */
  previousId?: ID
  writeKey?: string | undefined
  sentAt?: Date | undefined
  timestamp?: Timestamp | undefined
  _metadata?: SegmentEventMetadata | undefined
}

/** Which events are planned, and which destinations get them. */
export interface Plan {
  track?: TrackPlan | undefined
  identify?: TrackPlan | undefined
  group?: TrackPlan | undefined
}

export interface TrackPlan {
  [event: string]: PlanEvent | undefined
  /** Stands for every event that is not named. */
  __default?: PlanEvent | undefined
}

export interface PlanEvent {
  enabled?: boolean | undefined
  integrations?: Record<string, boolean> | undefined
}
