import type { CDNSettings, RemoteIntegrationSettings } from './cdn-settings'

/** Enough to deliver to the Tracking API, and no more. */
export function minimalSettings(writeKey: string, kept?: RemoteIntegrationSettings): CDNSettings {
  return { integrations: { 'Segment.io': { apiKey: writeKey, ...kept } } }
}
