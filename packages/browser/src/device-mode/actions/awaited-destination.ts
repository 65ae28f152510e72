import { isCancelation, isSwitchedOn, keepsEvents, wantsEvent } from '@sluice/core/internal'
import type { Analytics } from '../../analytics'
import type { Context } from '../../context'
import { copyContext } from '../../middleware/copy-context'
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
 * the script. When it comes, its actions get what was kept, and take the place of this plugin. Events that were sent before
 * its `before` and `enrichment` actions came go through them now, for this destination alone. A script that does not come is
 * a destination that could not be loaded.
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

  /** Goes on keeping events until all actions are loaded, so that these get all of them in their order. */
  const giveWay = async (actions: readonly ActionPlugin[], ctx: Context, analytics: Analytics) => {
    if (isGone) return
    for (const action of actions) action.start(ctx, analytics).catch(() => {})
    await Promise.all(actions.map((action) => action.ready()))
    const kept: { ctx: Context; given: Context }[] = []
    while (waiting.length > 0) {
      const shaping = waiting.splice(0).map((ctx) => ({ ctx, shaped: shapedBy(actions, ctx) }))
      for (const { ctx, shaped } of shaping) {
        const given = await shaped
        if (given) kept.push({ ctx, given })
      }
    }
    if (isGone) return
    end()
    const { queue } = analytics
    queue.plugins = queue.plugins.filter((other) => other !== plugin)
    void analytics.register(...actions)
    for (const { ctx, given } of kept) handOver(given, ctx, actions, analytics)
  }

  const plugin: AnyPlugin = {
    name: creationName,
    type: 'destination',
    version: '1.0.0',
    isLoaded: () => false,
    async load(ctx: Context, analytics: Analytics) {
      try {
        const actions = await arrival
        void giveWay(actions, ctx, analytics)
      } catch (reason) {
        end()
        countCall('action', ctx, 'load', name, true)
        tellFailure(analytics, creationName, reason)
        throw reason
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

/** What those of the actions that see events before they are sent make of one, or nothing if they drop it. */
async function shapedBy(actions: readonly ActionPlugin[], ctx: Context): Promise<Context | undefined> {
  const stages = (['before', 'enrichment'] as const).map((stage) =>
    actions.filter(({ type }) => type === stage),
  )
  const shaping = stages.flat()
  if (shaping.length === 0) return ctx
  const copy = copyContext(ctx)
  try {
    for (const action of shaping) await action[copy.event.type]?.(copy)
  } catch {
    // They throw nothing but this.
    ctx.log('debug', 'Dropped by an action of the destination', { plugin: shaping[0]?.name })
    return undefined
  }
  return copy
}

/** Gives an event to those of the actions that are destinations and that it is for. */
function handOver(
  given: Context,
  ctx: Context,
  actions: readonly ActionPlugin[],
  { queue }: Analytics,
): void {
  const { type, integrations } = given.event
  for (const action of actions) {
    if (action.type !== 'destination' || !isSwitchedOn(action, integrations)) continue
    action.deliver(given).catch((reason: unknown) => {
      if (isCancelation(reason)) return
      ctx.log('error', `${type} of a destination failed`, { plugin: action.name, error: reason })
      queue.emit('destination_failure', ctx, action, reason)
    })
  }
}
