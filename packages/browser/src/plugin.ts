import type { CorePlugin } from '@sluice/core'
import type { Analytics } from './analytics'
import type { Context } from './context'

/**
 * An extension of the pipeline; see `CorePlugin` for its hooks.
 *
 * @example
 * const withPlan: Plugin = {
 *   name: 'With plan', type: 'enrichment', version: '1.0.0', isLoaded: () => true, load: async () => {},
 *   track(ctx) { ctx.updateEvent('context.plan', 'pro'); return ctx },
 * }
 */
export interface Plugin extends CorePlugin<Context, Analytics> {}

/** Makes the plugin of a destination that comes from npm; it takes the place of the script that the CDN names. */
export interface PluginFactory {
  (settings: object): Plugin | Plugin[] | Promise<Plugin | Plugin[]>
  /** The `name` of the entry in `cdnSettings.remotePlugins` that it stands for. */
  pluginName: string
}
