import type { Plan } from '@sluice/core'
import type { Anything } from '@sluice/core/internal'
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
  [setting: string]: Anything
}

/** A destination of the second generation: a script that makes the destination's plugins, one for each action. */
export interface RemotePlugin {
  /** The name that a `PluginFactory` from npm has to have to stand in for the script. */
  name: string
  /** The name of its plugins, by which `integrations` switch them. Settings without it mean `name`. */
  creationName: string
  url: string
  /** The global in which the script leaves the function that makes the plugins. */
  libraryName: string
  /** For that function. */
  settings: RemotePluginSettings
  /** Hash of the script, as `sha384-…`: the browser runs nothing else. */
  integrity?: string
  /** How the script is asked for across origins. @default 'anonymous' where there is an integrity */
  crossOrigin?: 'anonymous' | 'use-credentials'
}

export interface RemotePluginSettings {
  /** Which events the actions take. */
  subscriptions?: { partnerAction: string; enabled?: boolean; [setting: string]: unknown }[]
  [setting: string]: unknown
}

/** What the CDN says about a source. Unknown fields are kept. */
export interface CDNSettings {
  /** Settings of each destination, that of the Tracking API among them. */
  integrations: { 'Segment.io': RemoteIntegrationSettings; [name: string]: RemoteIntegrationSettings }
  middlewareSettings?: { routingRules?: unknown[] }
  enabledMiddleware?: Record<string, boolean>
  metrics?: Record<string, unknown>
  plan?: Plan
  legacyVideoPluginsEnabled?: boolean
  remotePlugins?: RemotePlugin[]
  consentSettings?: { allCategories: string[]; hasUnmappedDestinations: boolean }
  [setting: string]: unknown
}

/** Reads settings from their text. Answers nothing for what cannot be settings. */
export function parseSettings(text: string): CDNSettings | undefined {
  const settings: Partial<CDNSettings> | null | undefined = guarded(() => JSON.parse(text))
  return typeof settings?.integrations === 'object' && settings.integrations
    ? (settings as CDNSettings)
    : undefined
}
