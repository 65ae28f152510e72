import type { Plan } from '@sluice/core'
import { guarded } from '../storage/guarded'

/** Settings of one destination. Unknown fields belong to the destination and are passed on. */
export interface RemoteIntegrationSettings {
  type?: 'browser' | 'server' | string
  bundlingStatus?: 'bundled' | 'unbundled' | string
  versionSettings?: {
    version?: string
    override?: string
    componentTypes?: ('browser' | 'android' | 'ios' | 'server')[]
  }
  /** Consent categories that must all be given before the destination gets an event. */
  consentSettings?: { categories: string[] }
  [setting: string]: unknown
}

/** What the CDN says about a source. Unknown fields are kept. */
export interface CDNSettings {
  integrations: Record<string, RemoteIntegrationSettings>
  middlewareSettings?: { routingRules?: unknown[] }
  enabledMiddleware?: Record<string, boolean>
  metrics?: Record<string, unknown>
  plan?: Plan
  legacyVideoPluginsEnabled?: boolean
  remotePlugins?: unknown[]
  consentSettings?: { allCategories?: string[]; hasUnmappedDestinations?: boolean }
  [setting: string]: unknown
}

/** Reads settings from their text. Answers nothing for what cannot be settings. */
export function parseSettings(text: string): CDNSettings | undefined {
  const settings: Partial<CDNSettings> | null | undefined = guarded(() => JSON.parse(text))
  return typeof settings?.integrations === 'object' && settings.integrations
    ? (settings as CDNSettings)
    : undefined
}

/** Enough to deliver to the Tracking API, and no more. */
export function minimalSettings(writeKey: string): CDNSettings {
  return { integrations: { 'Segment.io': { apiKey: writeKey } } }
}
