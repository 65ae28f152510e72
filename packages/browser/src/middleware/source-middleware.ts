import type { Context } from '../context'
import { onEveryEvent } from '../plugins/on-every-event'
import type { AnyPlugin } from '../plugins/types'
import type { SegmentEvent } from '../segment-event'
import type { MiddlewareFunction } from './types'

/**
 * A middleware as a plugin that sees every event before the others do. What runs it is loaded with the plugin; if it
 * cannot be, events wait for it as they do for a middleware that throws, and never pass by: it may be there to keep
 * something back.
 */
export function sourceMiddlewarePlugin(
  middleware: MiddlewareFunction,
  integrations: SegmentEvent['integrations'],
): AnyPlugin {
  let run: typeof import('./run-source-middleware')['runSourceMiddleware'] | undefined
  const load = async () => {
    const module = await import('./run-source-middleware')
    run = module.runSourceMiddleware
    return run
  }
  return {
    name: `Source Middleware ${middleware.name}`,
    type: 'before',
    version: '0.1.0',
    isLoaded: () => run !== undefined,
    load: () => load().catch(() => {}),
    ...onEveryEvent((ctx: Context) => {
      if (run) return run(ctx, middleware, integrations)
      return load().then((loaded) => loaded(ctx, middleware, integrations))
    }),
  }
}
