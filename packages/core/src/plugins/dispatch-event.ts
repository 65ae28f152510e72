import type { CoreContext } from '../context'
import type { ContextCancelation } from '../context-cancelation'
import { wholeEvent } from './attempt'
import type { HookRules } from './hook'
import { callHook } from './hook'
import { isSwitchedOn } from './integrations'
import type { HookedPlugin, PluginType, SettlingDestination } from './types'
import { acceptEvent } from './types'

/** The plugin that stopped the whole event. */
export interface Stopped {
  readonly by: string
  readonly cancelation: ContextCancelation
}

export interface Dispatching<Ctx extends CoreContext, Plugin extends HookedPlugin<Ctx>> {
  readonly plugins: readonly Plugin[]
  readonly rules: HookRules
  /** The end of a plugin's loading, while it lasts: true if the plugin can be used. */
  loading(plugin: Plugin): Promise<boolean> | undefined
  /** Hears of each plugin that failed. */
  failed(ctx: Ctx, plugin: Plugin, reason: unknown): void
}

/**
 * Hands an event to every plugin of one type that is switched on, all at the same time, and is done when the last of
 * them is. What one does touches no other. Tells of the plugin, if any, that stopped the whole event.
 */
export function dispatchEvent<Ctx extends CoreContext, Plugin extends HookedPlugin<Ctx>>(
  ctx: Ctx,
  type: PluginType,
  dispatching: Dispatching<Ctx, Plugin>,
  done: (stopped?: Stopped) => void,
): void {
  let stopped: Stopped | undefined
  // One more than there are plugins, so that those which answer at once do not end it before the last was asked.
  let open = 1
  const close = (stop?: Stopped) => {
    stopped ??= stop
    open--
    if (open === 0) done(stopped)
  }

  for (const plugin of dispatching.plugins) {
    if (plugin.type !== type || !isSwitchedOn(plugin, ctx.event.integrations)) continue
    open++
    if (settlesByItself(plugin)) {
      ctx.log('debug', 'plugin', { plugin: plugin.name })
      plugin[acceptEvent](ctx, close)
    } else ask(ctx, plugin, dispatching, close)
  }
  close()
}

function ask<Ctx extends CoreContext, Plugin extends HookedPlugin<Ctx>>(
  ctx: Ctx,
  plugin: Plugin,
  dispatching: Dispatching<Ctx, Plugin>,
  close: (stop?: Stopped) => void,
): void {
  const call = () =>
    callHook(ctx, plugin, dispatching.rules, (end) => {
      if (end.type === 'failed') dispatching.failed(ctx, plugin, end.reason)
      const isStop = end.type === 'dropped' && end.cancelation.type === wholeEvent
      close(isStop ? { by: plugin.name, cancelation: end.cancelation } : undefined)
    })
  const loading = dispatching.loading(plugin)
  if (loading) void loading.then((isUsable) => (isUsable ? call() : close()))
  else call()
}

function settlesByItself<Ctx extends CoreContext>(
  plugin: HookedPlugin<Ctx>,
): plugin is HookedPlugin<Ctx> & SettlingDestination<Ctx> {
  return acceptEvent in plugin
}
