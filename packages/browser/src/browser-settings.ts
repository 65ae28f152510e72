import type { AnalyticsSettings } from './options'
import type { Plugin, PluginFactory } from './plugin'

/** The first argument of `load`. */
export interface AnalyticsBrowserSettings extends AnalyticsSettings {
  /** Plugins to register, and destinations from npm to use in the place of scripts from the CDN. */
  plugins?: (Plugin | PluginFactory)[]
  /** Destinations of the first generation, from npm. */
  classicIntegrations?: ClassicIntegrationSource[]
}

/** A destination of the first generation: its constructor, or the function that makes it. */
export type ClassicIntegrationSource = { readonly prototype: { name: string } } | { Integration?: unknown }
