import { isSwitchedOn, wantsEvent } from '@sluice/core/internal'
import type { Analytics } from '../../analytics'
import type { Context } from '../../context'
import type { IntegrationsInitOptions } from '../../options'
import { onEveryEvent } from '../../plugins/on-every-event'
import type { AnyPlugin } from '../../plugins/types'
import type { RemotePlugin } from '../../settings/cdn-settings'
import { countCall, tellFailure } from './reports'
import type { ActionPlugin } from './wrap-action'

/**
 * Stands for a destination whose script has not come. It is loading until then, so events wait for it as for any
 * destination that loads; it hands them to the actions that the script brings, and these take its place. A script that
 * does not come is a destination that could not be loaded.
 */
export function awaitedDestination(entry: RemotePlugin, arrival: Promise<ActionPlugin[]>): AnyPlugin {
  const { name, creationName } = entry
  let destinations: ActionPlugin[] = []
  let isGone = false

  const handOver = async (ctx: Context) => {
    const { type, integrations } = ctx.event
    const meant = destinations.filter((action) => isSwitchedOn(action, integrations))
    const ends = await Promise.allSettled(meant.map((action) => action[type]?.(ctx)))
    for (const end of ends) if (end.status === 'rejected') throw end.reason
    return ctx
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
        destinations = actions.filter(({ type }) => type === 'destination')
        const { queue } = analytics
        queue.plugins = queue.plugins.filter((other) => other !== plugin)
        void analytics.register(...actions)
      } catch (reason) {
        countCall(ctx, 'load', name, true)
        tellFailure(analytics, creationName, reason)
        throw reason
      }
    },
    unload() {
      isGone = true
    },
    ready: () =>
      arrival.then(
        async (actions) => (await Promise.all(actions.map((action) => action.ready()))).every(Boolean),
        () => false,
      ),
    ...onEveryEvent(handOver),
  }
  // Which of its actions an event is for, by names of their own, is known when they are.
  const mayBeWanted = (integrations: IntegrationsInitOptions) => integrations[creationName] !== false
  return Object.assign(plugin, { [wantsEvent]: mayBeWanted })
}
