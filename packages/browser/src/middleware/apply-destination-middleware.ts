import { copyData } from '@sluice/core/internal'
import type { Context } from '../context'
import { copyContext } from './copy-context'
import { runMiddleware } from './run-middleware'
import type { DestinationMiddlewareFunction } from './types'

/**
 * Makes the copy of an event that one destination gets: what middleware or the destination change in it stays between
 * them. Resolves to nothing if a middleware dropped the event for this destination, and rejects if one threw.
 */
export async function applyDestinationMiddleware(
  ctx: Context,
  pluginName: string,
  middlewares: readonly DestinationMiddlewareFunction[],
): Promise<Context | undefined> {
  let event = copyData(ctx.event)
  for (const middleware of middlewares) {
    const passed = await runMiddleware(event, middleware, (payload, next) =>
      // To destinations an event goes only with a payload, as it always did.
      middleware({ payload, integration: pluginName, next: (given) => next(given ?? null) }),
    )
    if (!passed) {
      ctx.log('debug', 'Dropped by destination middleware', { plugin: pluginName })
      return undefined
    }
    event = passed
  }
  return copyContext(ctx, event)
}
