import type { SegmentioSettings } from '../options'
import type { SegmentEvent } from '../segment-event'
import type { RemoteIntegrationSettings } from '../settings/cdn-settings'

/** What the Tracking API is told about the destinations of the page. */
export interface DestinationsMetadata {
  bundled?: string[]
  unbundled?: string[]
  bundledIds?: string[]
}

/** Tells which destinations get the events of this page from the page itself, and which from the server. */
export function destinationsMetadata(
  { addBundledMetadata, unbundledIntegrations, maybeBundledConfigIds }: Partial<SegmentioSettings>,
  integrations: Record<string, RemoteIntegrationSettings> = {},
): DestinationsMetadata {
  if (addBundledMetadata === false) return {}
  const named = (status: string) =>
    Object.keys(integrations).filter((name) => integrations[name]?.bundlingStatus === status)
  // Twice, if the settings say that of it as well: as it has always been told.
  const bundled = [...(integrations['Segment.io'] ? ['Segment.io'] : []), ...named('bundled')].sort()
  const unbundled = [...new Set([...named('unbundled'), ...listOf(unbundledIntegrations)])].sort()
  return { bundled, unbundled, bundledIds: bundled.flatMap((name) => listOf(maybeBundledConfigIds?.[name])) }
}

/** Settings come from outside: many encoders write `null` for an empty list. */
const listOf = (value: unknown): string[] => (Array.isArray(value) ? value : [])

/** An event as the Tracking API takes it. */
export function segmentioEvent(
  { options, ...event }: SegmentEvent,
  writeKey: string | undefined,
  metadata: object,
): object {
  // Only other calls tell of traits; that of a track call is a left-over of old plugins.
  if (event.type === 'track') delete event.traits
  const { userId, anonymousId } = event
  const told = { ...event._metadata, ...metadata }
  return {
    ...event,
    writeKey,
    userId: userId || null,
    anonymousId: anonymousId || null,
    _metadata: Object.keys(told).length > 0 ? told : undefined,
  }
}
