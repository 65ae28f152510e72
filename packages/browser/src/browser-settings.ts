import type { Anything } from '@sluice/core/internal'
import type { User } from './identity/user'
import type { AnalyticsSettings } from './options'
import type { Plugin, PluginFactory } from './plugin'

/** The first argument of `load`. */
export interface AnalyticsBrowserSettings extends AnalyticsSettings {
  /** Plugins to register, and destinations from npm to use in the place of scripts from the CDN. */
  plugins?: (Plugin | PluginFactory)[]
  /**
   * Destinations of the first generation, from npm. One is used if there are settings for it, in those of the source or
   * in `integrations` of the options; it takes the place of the script from the CDN.
   *
   * @example AnalyticsBrowser.load({ writeKey, classicIntegrations: [AmplitudeIntegration] })
   */
  classicIntegrations?: ClassicIntegrationSource[]
}

/** A destination of the first generation: its constructor, or a function that prepares the one it carries. */
export type ClassicIntegrationSource = ClassicIntegrationConstructor | ClassicIntegrationGenerator

export interface ClassicIntegrationConstructor {
  new (settings: Anything): ClassicIntegration
  /** Its name is that of the destination in the source's settings. */
  readonly prototype: { name: string }
}

export interface ClassicIntegrationGenerator {
  (analytics: { user(): User; addIntegration(): void }): unknown
  Integration: ClassicIntegrationConstructor
}

/** What is asked of a destination of the first generation. */
export interface ClassicIntegration {
  /** The client. */
  analytics?: unknown
  /** It tells of the first page by itself: the first `page` call only lets it begin. */
  _assumesPageview?: boolean
  initialize(): unknown
  invoke(method: string, event: object): unknown
  /** It tells of `initialize`, when that is over, and of `ready`, when it can take events. */
  on(name: string, run: () => void): unknown
  once(name: string, run: () => void): unknown
}
