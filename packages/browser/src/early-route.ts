import type { CoreExtraContext } from '@sluice/core'
import type { AnalyticsBrowserSettings } from './browser-settings'
import { plansAnything } from './filters/plans-anything'
import { apiBase } from './http/endpoint'
import type { InitOptions, SegmentioSettings } from './options'
import { destinationsMetadata, segmentioEvent } from './plugins/segmentio-event'
import { trackingAPISettings } from './plugins/tracking-api'
import type { SegmentEvent } from './segment-event'
import type { CDNSettings } from './settings/cdn-settings'

/** What `load` was given. */
export interface EarlySettings {
  readonly settings: AnalyticsBrowserSettings
  readonly options: InitOptions
}

/** How events reach the Tracking API while the client is not there yet. */
export interface EarlyRoute {
  readonly api: Partial<SegmentioSettings>
  readonly base: string
  /** The text of an event; nothing if it has to wait for the client. */
  encode(event: SegmentEvent): string | undefined
}

/**
 * Nothing, if events are not for the Tracking API, or something may change, hold or drop them before it gets them.
 * `surround` says what surrounds an event.
 */
export function earlyRoute(
  { settings, options }: EarlySettings,
  cdnSettings: CDNSettings,
  surround: (event: SegmentEvent) => CoreExtraContext,
): EarlyRoute | undefined {
  const api = trackingAPISettings(options.integrations ?? {}, cdnSettings)
  const { remotePlugins, enabledMiddleware, plan } = cdnSettings
  const seeing = [settings.plugins, remotePlugins, Object.values(enabledMiddleware ?? {}).filter(Boolean)]
  const isSeen =
    seeing.some((some) => some?.length) || [plan, options.plan].some((one) => plansAnything(one?.track))
  if (!api || isSeen) return undefined
  const metadata = destinationsMetadata(api, cdnSettings.integrations)
  return {
    api,
    base: apiBase(api),
    encode(event) {
      try {
        if (Object.values(event.integrations ?? {}).includes(false)) return undefined
        return JSON.stringify(segmentioEvent({ ...event, context: surround(event) }, api.apiKey, metadata))
      } catch {
        // What cannot be turned into text, or a function of the page's that throws, is the client's to tell of.
        return undefined
      }
    },
  }
}
