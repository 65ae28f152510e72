import type { CorePlugin } from '@sluice/core'
import type { Analytics } from '../analytics'
import type { Context } from '../context'
import type { DestinationMiddlewareFunction } from '../middleware/types'

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

/** A plugin that lets middleware see the events it gets. */
export interface InternalPluginWithAddMiddleware extends Plugin {
  addMiddleware(...middleware: DestinationMiddlewareFunction[]): void
}

/** A destination that lets middleware see the events it gets. */
export interface InternalDestinationPluginWithAddMiddleware extends InternalPluginWithAddMiddleware {
  type: 'destination'
}

/** Whether destination middleware can be added to this plugin. */
export function isDestinationPluginWithAddMiddleware(
  plugin: Plugin,
): plugin is InternalDestinationPluginWithAddMiddleware {
  return 'addMiddleware' in plugin && plugin.type === 'destination'
}

/** Makes the plugin of a destination that comes from npm; it takes the place of the script that the CDN names. */
export interface PluginFactory {
  (settings: object): Plugin | Plugin[] | Promise<Plugin | Plugin[]>
  /** The `name` of the entry in `cdnSettings.remotePlugins` that it stands for. */
  pluginName: string
}
