import type { CoreContext } from '../context'
import { isCancelation } from '../context-cancelation'
import type { TimeLimit } from '../flow/time-limit'
import { noteCanceled } from './attempt'
import type { HookEnded } from './hook'
import { callHook } from './hook'
import { isSwitchedOn } from './integrations'
import type { Registered } from './registered'
import type { HookedPlugin, PluginType } from './types'

/**
 * Takes an event through the `before` plugins and then the `enrichment` plugins, one after the other. A `before`
 * plugin that fails stops the event; an `enrichment` plugin that fails is passed over. Either may drop the event.
 * If no plugin waits, neither does this. `enriched` hears of each plugin after which the event goes on, even if it
 * failed.
 */
export function shapeEvent<Ctx extends CoreContext, Plugin extends HookedPlugin<Ctx>>(
  ctx: Ctx,
  plugins: readonly Registered<Plugin>[],
  limit: TimeLimit,
  enriched: (ctx: Ctx, plugin: Plugin) => void,
  done: HookEnded<Ctx>,
  from = 0,
): void {
  // Twice through the list: once for each type.
  for (let index = from; index < 2 * plugins.length; index++) {
    const isBefore = index < plugins.length
    const plugin = plugins[index % plugins.length]
    if (plugin?.type !== (isBefore ? 'before' : 'enrichment')) continue
    if (isSwitchedOff(ctx, plugin)) continue
    callHook(ctx, plugin, limit, (next, failure) => {
      if (failure && isBefore) noteCanceled(ctx)
      if (failure && (isBefore || isCancelation(failure.reason))) done(ctx, failure)
      else {
        enriched(next, plugin.plugin)
        // Still with the plugins of the beginning: if some came or went meanwhile, none is passed over for it.
        shapeEvent(next, plugins, limit, enriched, done, index + 1)
      }
    })
    return
  }
  done(ctx)
}

/** If the plugin before has left an event that cannot be read, the fence of this one's hook tells. */
function isSwitchedOff(ctx: CoreContext, plugin: { name: string; type: PluginType }): boolean {
  try {
    return !isSwitchedOn(plugin, ctx.event.integrations)
  } catch {
    return false
  }
}
