import { createDeferred } from '@sluice/core'
import { keepsEvents, wantsEvent } from '@sluice/core/internal'
import type { Analytics } from '../../analytics'
import type { Context } from '../../context'
import { copyContext } from '../../middleware/copy-context'
import type { IntegrationsInitOptions } from '../../options'
import { onEveryEvent } from '../../plugins/on-every-event'
import type { AnyPlugin } from '../../plugins/types'
import type { RemotePlugin } from '../../settings/cdn-settings'
import { countCall, tellFailure, tellLateFailure } from '../reports'
import type { ActionPlugin } from './action-plugin'
import { type Inbox, maxWaiting } from './inbox'

/**
 * Stands for a destination whose script has not come, and keeps the events for it: nobody who waits for an event waits for
 * the script. When it comes, its actions take the place of this plugin, and what was kept goes into their `inbox`. A script
 * that does not come is a destination that could not be loaded.
 */
export function awaitedDestination(
  entry: RemotePlugin,
  arrival: Promise<ActionPlugin[]>,
  inbox: Inbox,
): AnyPlugin {
  const { name, creationName } = entry
  const unloaded = createDeferred<boolean>()
  let waiting: { ctx: Context; copy: Context }[] = []
  let isGone = false

  const keep = (ctx: Context) => {
    if (isGone) return ctx
    waiting.push({ ctx, copy: copyContext(ctx) })
    if (waiting.length > maxWaiting) {
      waiting.shift()?.ctx.log('warn', 'Too many events waited for a destination', { plugin: creationName })
    }
    return ctx
  }

  const end = () => {
    isGone = true
    waiting = []
  }

  const giveWay = (actions: readonly ActionPlugin[], analytics: Analytics) => {
    const kept = waiting
    end()
    const { queue } = analytics
    queue.plugins = queue.plugins.filter((other) => other !== plugin)
    void analytics.register(...actions)
    const taking = actions.filter(({ type }) => type === 'destination' || type === 'after')
    for (const { ctx, copy } of kept) {
      for (const action of taking) {
        inbox.put(ctx, action, copy).catch((reason) => tellLateFailure(analytics, ctx, action, reason))
      }
    }
  }

  const areReady = () =>
    arrival.then(
      async (actions) => (await Promise.all(actions.map((action) => action.ready()))).every(Boolean),
      () => false,
    )

  const plugin: AnyPlugin = {
    name: creationName,
    type: 'destination',
    version: '1.0.0',
    isLoaded: () => false,
    async load(ctx: Context, analytics: Analytics) {
      try {
        const actions = await arrival
        // Of several plugins of one name, the queue unloads one and removes all.
        if (analytics.queue.plugins.includes(plugin)) giveWay(actions, analytics)
        else plugin.unload?.(ctx, analytics)
      } catch (reason) {
        end()
        countCall('action', ctx, 'load', name, true)
        tellFailure(analytics, creationName, reason)
        throw reason
      }
    },
    unload() {
      end()
      unloaded.resolve(false)
    },
    ready: () => Promise.race([areReady(), unloaded.promise]),
    ...onEveryEvent(keep),
  }
  // Which of its actions an event is for, by names of their own, is known when they are.
  const mayBeWanted = (integrations: IntegrationsInitOptions) => integrations[creationName] !== false
  return Object.assign(plugin, { [wantsEvent]: mayBeWanted, [keepsEvents]: true })
}
