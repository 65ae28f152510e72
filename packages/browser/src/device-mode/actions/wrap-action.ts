import { ContextCancelation, createDeferred } from '@sluice/core'
import { hostClock, isCancelation, isThenable, withTimeLimit } from '@sluice/core/internal'
import type { Analytics } from '../../analytics'
import type { Context } from '../../context'
import { applyDestinationMiddleware } from '../../middleware/apply-destination-middleware'
import type { DestinationMiddlewareFunction } from '../../middleware/types'
import type { Plugin } from '../../plugin'
import { onEveryEvent } from '../../plugins/on-every-event'
import type { InternalPluginWithAddMiddleware } from '../../plugins/types'
import { countCall, tellFailure } from '../reports'

/** An action of a destination, as the pipeline has it. */
export interface ActionPlugin extends InternalPluginWithAddMiddleware {
  /** Whether it can be used, when that is known. Never rejects. */
  ready(): Promise<boolean>
  /** Loads the action, once. Resolves or rejects when that is done; `load` may let it be. */
  start(ctx: Context, analytics: Analytics): Promise<unknown>
  /** Takes any event, as soon as it is loaded. */
  deliver(ctx: Context): Promise<Context>
}

export interface ActionLimits {
  /** Ends when events have waited long enough for actions that may change them. */
  readonly patience: Promise<void>
  /** For loading an action. */
  readonly limit: Parameters<typeof withTimeLimit>[1]
}

/** Longest wait for what an action does to an event before it is sent, in ms. */
const shapingLimitMs = 1_000

/**
 * An action under the name of its destination. Those that see events before they are sent get them as they are; they
 * may change or drop them, but neither fail nor delay them. Destinations get copies.
 */
export function wrapAction(
  creationName: string,
  action: Plugin,
  { patience, limit }: ActionLimits,
): ActionPlugin {
  const { name, type } = action
  const middleware: DestinationMiddlewareFunction[] = []
  const loaded = createDeferred<unknown>()
  loaded.promise.catch(() => {})
  let starting: Promise<unknown> | undefined
  let isUsable = false

  const shape = (ctx: Context): Context | Promise<Context> => {
    const method = ctx.event.type
    if (!isUsable || !action[method]) return ctx
    const failed = (reason: unknown) => {
      countCall('action', ctx, method, name, true)
      if (isCancelation(reason)) throw reason
      ctx.log('error', 'The event goes on without a plugin that failed', { plugin: name, error: reason })
      return ctx
    }
    countCall('action', ctx, method, name)
    try {
      const answer = action[method](ctx)
      if (!isThenable(answer)) return ctx
      const answered = withTimeLimit(answer, { clock: hostClock, ms: shapingLimitMs }, `${method} of ${name}`)
      return answered.then(() => ctx, failed)
    } catch (reason) {
      return failed(reason)
    }
  }

  const deliver = async (ctx: Context): Promise<Context> => {
    const method = ctx.event.type
    if (!action[method]) return ctx
    const given =
      type === 'destination' ? await applyDestinationMiddleware(ctx, creationName, middleware) : ctx
    if (!given) throw new ContextCancelation({ retry: false, reason: 'dropped by destination middleware' })
    try {
      await loaded.promise
      countCall('action', ctx, method, name)
      await action[method](given)
    } catch (reason) {
      countCall('action', ctx, method, name, true)
      throw reason
    }
    return ctx
  }

  const start = (ctx: Context, analytics: Analytics): Promise<unknown> => {
    starting ??= startNow(ctx, analytics)
    return starting
  }

  const startNow = async (ctx: Context, analytics: Analytics): Promise<unknown> => {
    countCall('action', ctx, 'load', name)
    try {
      const result = await withTimeLimit(loadNow(action, ctx, analytics), limit, `load of ${name}`)
      isUsable = true
      loaded.resolve(result)
      return result
    } catch (reason) {
      loaded.reject(reason)
      countCall('action', ctx, 'load', name, true)
      tellFailure(analytics, creationName, reason)
      throw reason
    }
  }

  const isShaping = type === 'before' || type === 'enrichment'
  const plugin: ActionPlugin = {
    name: creationName,
    alternativeNames: [name],
    type,
    version: '1.0.0',
    isLoaded: () => action.isLoaded(),
    start,
    load(ctx: Context, analytics: Analytics) {
      const started = start(ctx, analytics)
      // For a destination nobody waits; for the others all events do.
      if (type === 'destination') return started
      return new Promise((resolve, reject) => {
        let isLate = false
        started.then(resolve, (reason) => {
          if (isLate) leaveOut(plugin, analytics, reason)
          else reject(reason)
        })
        void patience.then(() => {
          isLate = true
          resolve(undefined)
        })
      })
    },
    unload: (ctx: Context, analytics: Analytics) => action.unload?.(ctx, analytics),
    ready: () =>
      loaded.promise.then(
        () => true,
        () => false,
      ),
    addMiddleware(...added) {
      middleware.push(...added)
    },
    deliver,
    ...onEveryEvent(isShaping ? shape : deliver),
  }
  return plugin
}

// What it throws is its rejection.
async function loadNow(action: Plugin, ctx: Context, analytics: Analytics): Promise<unknown> {
  return action.load(ctx, analytics)
}

/** Does what the queue does with a plugin that could not be loaded; the queue no longer waits for this one. */
function leaveOut(plugin: ActionPlugin, { queue }: Analytics, reason: unknown): void {
  queue.plugins = queue.plugins.filter((other) => other !== plugin)
  queue.failedInitializations.push(plugin.name)
  console.warn(plugin.name, reason)
  queue.emit('initialization_failure', plugin)
}
