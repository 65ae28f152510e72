import { ContextCancelation, createDeferred, isFunction } from '@sluice/core'
import { hostClock, isCancelation, isThenable, keepsEvents, withTimeLimit } from '@sluice/core/internal'
import type { Analytics } from '../../analytics'
import type { Context } from '../../context'
import { applyDestinationMiddleware } from '../../middleware/apply-destination-middleware'
import type { DestinationMiddlewareFunction } from '../../middleware/types'
import type { Plugin } from '../../plugin'
import { onEveryEvent } from '../../plugins/on-every-event'
import { countCall, tellFailure, tellLateFailure } from '../reports'
import type { ActionPlugin } from './action-plugin'
import type { Inbox } from './inbox'

export interface ActionOptions {
  readonly analytics: Analytics
  /** Of its destination. */
  readonly inbox: Inbox
  /** Ends when whoever waits for an event has waited long enough for destinations to load. */
  readonly patience: Promise<void>
  /** Ends when events have waited long enough for actions that see them before they are sent. */
  readonly shapingPatience: Promise<void>
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
  { analytics, inbox, patience, shapingPatience, limit }: ActionOptions,
): ActionPlugin {
  const { name, type } = action
  const middleware: DestinationMiddlewareFunction[] = []
  const loaded = createDeferred<unknown>()
  loaded.promise.catch(() => {})
  const seen = new WeakSet<Context>()
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
    seen.add(ctx)
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

  const deliver = async (given: Context, ctx: Context): Promise<Context> => {
    const method = ctx.event.type
    const own =
      type === 'destination' ? await applyDestinationMiddleware(given, creationName, middleware) : given
    if (!own) throw new ContextCancelation({ retry: false, reason: 'dropped by destination middleware' })
    countCall('action', ctx, method, name)
    try {
      await action[method]?.(own)
    } catch (reason) {
      countCall('action', ctx, method, name, true)
      throw reason
    }
    return ctx
  }

  const take = (ctx: Context): Context | Promise<Context> => {
    if (!action[ctx.event.type]) return ctx
    if (!inbox.isNeeded(ctx, plugin)) return deliver(ctx, ctx)
    const taken = inbox.put(ctx, plugin)
    return new Promise((resolve, reject) => {
      let isAwaited = true
      taken.then(resolve, (reason) => {
        if (isAwaited) reject(reason)
        else tellLateFailure(analytics, ctx, plugin, reason)
      })
      void patience.then(() => {
        isAwaited = false
        resolve(ctx)
      })
    })
  }

  const loadNow = async (ctx: Context): Promise<unknown> => {
    countCall('action', ctx, 'load', name)
    try {
      const result = await withTimeLimit(callLoad(action, ctx, analytics), limit, `load of ${name}`)
      isUsable = true
      loaded.resolve(result)
      inbox.open()
      return result
    } catch (reason) {
      loaded.reject(reason)
      inbox.drop(plugin)
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
    load(ctx: Context) {
      const loading = loadNow(ctx)
      // For a destination nobody waits; for the others all events do.
      if (type === 'destination') return loading
      return new Promise((resolve, reject) => {
        let isLate = false
        loading.then(resolve, (reason) => {
          if (isLate) leaveOut(plugin, analytics, reason)
          else reject(reason)
        })
        void shapingPatience.then(() => {
          isLate = true
          resolve(undefined)
        })
      })
    },
    unload(ctx: Context, analytics: Analytics) {
      inbox.drop(plugin)
      return action.unload?.(ctx, analytics)
    },
    ready: () =>
      loaded.promise.then(
        () => true,
        () => false,
      ),
    async flush() {
      const flush: unknown = Reflect.get(action, 'flush')
      if (isFunction(flush)) await flush.call(action)
    },
    addMiddleware(...added) {
      middleware.push(...added)
    },
    isUsable: () => isUsable,
    hasMissed: (ctx) => isShaping && isUsable && !!action[ctx.event.type] && !seen.has(ctx),
    deliver,
    ...onEveryEvent(isShaping ? shape : take),
  }
  return type === 'destination' ? Object.assign(plugin, { [keepsEvents]: true }) : plugin
}

// What it throws is its rejection.
async function callLoad(action: Plugin, ctx: Context, analytics: Analytics): Promise<unknown> {
  return action.load(ctx, analytics)
}

/** Does what the queue does with a plugin that could not be loaded; the queue no longer waits for this one. */
function leaveOut(plugin: ActionPlugin, { queue }: Analytics, reason: unknown): void {
  queue.plugins = queue.plugins.filter((other) => other !== plugin)
  queue.failedInitializations.push(plugin.name)
  console.warn(plugin.name, reason)
  queue.emit('initialization_failure', plugin)
}
