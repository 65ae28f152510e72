import type { CoreContext } from '../context'
import { isCancelation } from '../context-cancelation'
import type { TimeLimit } from '../flow/time-limit'
import { stopsEvent } from './attempt'
import type { Failure } from './failure'
import { callHook } from './hook'
import { isSwitchedOn } from './integrations'
import { note } from './note'
import type { Registered } from './registered'
import type { HookedPlugin, PluginType, SettlingHook } from './types'
import { acceptEvent, keepsEvents } from './types'

export interface Dispatching<Ctx extends CoreContext, Plugin extends HookedPlugin<Ctx>> {
  readonly limit: TimeLimit
  /** The end of a plugin's loading, while it lasts: true if the plugin can be used. */
  readonly loading: { get(plugin: Plugin): Promise<boolean> | undefined }
  /** Hears of each plugin that failed. */
  failed(ctx: Ctx, plugin: Registered<Plugin>, reason: unknown): void
}

/**
 * Hands an event to every plugin of one type that is switched on, all at the same time, and is done when the last of
 * them is. What one does touches no other. Tells of the plugin, if any, that stopped the whole event, and why one of our own
 * could not deliver it.
 */
export function dispatchEvent<Ctx extends CoreContext, Plugin extends HookedPlugin<Ctx>>(
  ctx: Ctx,
  type: PluginType,
  plugins: readonly Registered<Plugin>[],
  { limit, loading, failed }: Dispatching<Ctx, Plugin>,
  done: (stop?: Failure, undelivered?: Failure) => void,
): void {
  let stop: Failure | undefined
  let undelivered: Failure | undefined
  // One more than there are plugins, so that those which answer at once do not end it before the last was asked.
  let open = 1
  const close = (failure?: Failure) => {
    stop ??= failure
    open--
    if (open === 0) done(stop, undelivered)
  }

  const ask = (plugin: Registered<Plugin>) =>
    callHook(
      ctx,
      plugin,
      limit,
      (_, failure) => {
        if (failure && !isCancelation(failure.reason)) failed(ctx, plugin, failure.reason)
        close(failure && stopsEvent(failure.reason) ? failure : undefined)
      },
      true,
    )

  for (const known of plugins) {
    if (known.type !== type) continue
    const { plugin, name } = known
    const { integrations } = ctx.event
    let loaded: Promise<boolean> | undefined
    let ownWay: SettlingHook<Ctx>[typeof acceptEvent] | undefined
    try {
      if (!isSwitchedOn(plugin, integrations)) continue
      loaded = keepsEvents in plugin ? undefined : loading.get(plugin)
      ownWay = (plugin[ctx.event.type] as Partial<SettlingHook<Ctx>> | undefined)?.[acceptEvent]
    } catch (reason) {
      failed(ctx, known, new Error(`plugin ${name} cannot be asked`, { cause: reason }))
      continue
    }
    open++
    if (ownWay) {
      note(ctx, 'debug', 'plugin', { plugin: name })
      ownWay(ctx, (failure) => {
        undelivered ??= failure
        close()
      })
    } else if (loaded) void loaded.then((isUsable) => (isUsable ? ask(known) : close()))
    else ask(known)
  }
  close()
}
