import type { CorePlugin } from '@sluice/core'
import type { Anything } from '@sluice/core/internal'
import type { Context } from '../context'
import type { DestinationMiddlewareFunction } from '../middleware/types'

/** A plugin of this library's events, whatever client it was written for. */
export type AnyPlugin = CorePlugin<Context, Anything>

/** A plugin that lets middleware see the events it gets. */
export interface InternalPluginWithAddMiddleware extends AnyPlugin {
  addMiddleware(...middleware: DestinationMiddlewareFunction[]): void
}

/** A destination that lets middleware see the events it gets. */
export interface InternalDestinationPluginWithAddMiddleware extends InternalPluginWithAddMiddleware {
  type: 'destination'
}

/** Whether destination middleware can be added to this plugin. */
export function isDestinationPluginWithAddMiddleware(
  plugin: AnyPlugin,
): plugin is InternalDestinationPluginWithAddMiddleware {
  const { addMiddleware, type }: { addMiddleware?: unknown; type: string } = plugin
  return typeof addMiddleware === 'function' && type === 'destination'
}
