import { isCancelation, isSwitchedOn, keepsEvents, wantsEvent } from '@sluice/core/internal'
import type { Analytics } from '../../analytics'
import type { Context } from '../../context'
import type { IntegrationsInitOptions } from '../../options'
import { onEveryEvent } from '../../plugins/on-every-event'
import type { AnyPlugin } from '../../plugins/types'
import type { RemotePlugin } from '../../settings/cdn-settings'
import { countCall, tellFailure } from '../reports'
import type { ActionPlugin } from './wrap-action'

/** So many events wait for a script, at most. */
const maxWaiting = 1_000

/**
 * Stands for a destination whose script has not come, and keeps the events for it: nobody who waits for an event waits for
 * the script. When it comes, its actions take the place of this plugin, and get what was kept. A script that does not come
 * is a destination that could not be loaded.
 */
export function awaitedDestination(entry: RemotePlugin, arrival: Promise<ActionPlugin[]>): AnyPlugin {
  const { name, creationName } = entry
  const waiting: Context[] = []
  let isGone = false

  const keep = (ctx: Context) => {
    if (isGone) return ctx
    waiting.push(ctx)
    if (waiting.length > maxWaiting) {
      waiting.shift()?.log('warn', 'Too many events waited for a destination', { plugin: creationName })
    }
    return ctx
  }

  const end = () => {
    isGone = true
    waiting.length = 0
  }

  const plugin: AnyPlugin = {
    name: creationName,
    type: 'destination',
    version: '1.0.0',
    isLoaded: () => false,
    async load(ctx: Context, analytics: Analytics) {
      try {
        const actions = await arrival
        if (isGone) return
        const { queue } = analytics
        queue.plugins = queue.plugins.filter((other) => other !== plugin)
        void analytics.register(...actions)
        for (const kept of waiting.splice(0)) handOver(kept, actions, analytics)
      } catch (reason) {
        countCall('action', ctx, 'load', name, true)
        tellFailure(analytics, creationName, reason)
        throw reason
      } finally {
        end()
      }
    },
    unload: end,
    ready: () =>
      arrival.then(
        async (actions) => (await Promise.all(actions.map((action) => action.ready()))).every(Boolean),
        () => false,
      ),
    ...onEveryEvent(keep),
  }
  // Which of its actions an event is for, by names of their own, is known when they are.
  const mayBeWanted = (integrations: IntegrationsInitOptions) => integrations[creationName] !== false
  return Object.assign(plugin, { [wantsEvent]: mayBeWanted, [keepsEvents]: true })
}

/** Gives an event to those of the actions that are destinations and that it is for. */
function handOver(ctx: Context, actions: readonly ActionPlugin[], { queue }: Analytics): void {
  const { type, integrations } = ctx.event
  for (const action of actions) {
    if (action.type !== 'destination' || !isSwitchedOn(action, integrations)) continue
    action.deliver(ctx).catch((reason: unknown) => {
      if (isCancelation(reason)) return
      ctx.log('error', `${type} of a destination failed`, { plugin: action.name, error: reason })
      queue.emit('destination_failure', ctx, action, reason)
    })
  }
}
