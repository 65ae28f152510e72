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
  const close = () => {
    open--
    if (open === 0) done(stopped)
  }

  const ask = (plugin: Plugin) => {
    callHook(ctx, plugin, dispatching.rules, (end) => {
      if (end.type === 'failed') dispatching.failed(ctx, plugin, end.reason)
      if (end.type === 'dropped' && end.cancelation.type === wholeEvent) {
        stopped ??= { by: plugin.name, cancelation: end.cancelation }
      }
      close()
    })
  }

  for (const plugin of dispatching.plugins) {
    if (plugin.type !== type || !isSwitchedOn(plugin, ctx.event.integrations)) continue
    open++
    if (settlesByItself(plugin)) {
      ctx.log('debug', 'plugin', { plugin: plugin.name })
      plugin[acceptEvent](ctx, close)
      continue
    }
    const loading = dispatching.loading(plugin)
    if (loading) loading.then((isUsable) => (isUsable ? ask(plugin) : close()))
    else ask(plugin)
  }
  close()
}

function settlesByItself<Ctx extends CoreContext>(
  plugin: HookedPlugin<Ctx>,
): plugin is HookedPlugin<Ctx> & SettlingDestination<Ctx> {
  return acceptEvent in plugin
}
