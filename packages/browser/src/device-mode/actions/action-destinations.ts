/**
 * Destinations of the second generation: scripts that the source's settings name, or functions from npm that stand in for
 * them, make plugins, one for each action.
 *
 * Such a script may bring plugins that have to see an event before it is sent, and only shows that when it has run. So
 * events wait for it, but not for long, and on the next visit not at all if it has brought destinations only. Until a
 * script has come, a destination under its name takes the events for it.
 */
import { hostClock, withTimeLimit } from '@sluice/core/internal'
import type { Analytics } from '../../analytics'
import type { PluginFactory } from '../../plugin'
import type { AnyPlugin } from '../../plugins/types'
import type { RemotePlugin } from '../../settings/cdn-settings'
import { awaitedDestination } from './awaited-destination'
import { createKnownScripts } from './known-scripts'
import { makeActions } from './make-actions'
import { isWanted } from './wanted'
import type { ActionPlugin } from './wrap-action'
import { wrapAction } from './wrap-action'

/** How long events wait, in ms, for all scripts together. */
const usualPatienceMs = 1_000

/**
 * The plugins of all these destinations that are switched on. `factories` are those from npm. Resolves when every script
 * that events have to wait for has come, or has let them wait too long.
 */
export async function actionDestinations(
  analytics: Analytics,
  factories: readonly PluginFactory[],
): Promise<AnyPlugin[]> {
  const { options, settings } = analytics
  const { remotePluginWait = usualPatienceMs, pluginTimeout = 30_000 } = options
  const patience = new Promise<void>((resolve) => hostClock.after(remotePluginWait, resolve))
  const entries = (settings.cdnSettings.remotePlugins ?? []).filter((entry) => isWanted(entry, analytics))
  const known = createKnownScripts(entries, options)

  const begin = (entry: RemotePlugin, factory: PluginFactory | undefined): Begun => {
    const mayShape = factory !== undefined || !known.bringsOnlyDestinations(entry)
    const limit = { clock: hostClock, ms: pluginTimeout }
    const made = withTimeLimit(
      makeActions(entry, factory, analytics),
      limit,
      `The script of ${entry.creationName}`,
    )
    const arrival = made.then((actions) => {
      if (!factory) known.note(entry, actions)
      begun.actions = actions.map((action) => wrapAction(entry.creationName, action, { patience, limit }))
      return begun.actions
    })
    // Whoever waits for it hears of it.
    arrival.catch(() => {})
    const begun: Begun = { entry, arrival, mayShape }
    return begun
  }

  const all: Begun[] = []
  for (const entry of entries) {
    const factory = factories.find(({ pluginName }) => pluginName === entry.name)
    // Scripts are for pages.
    if (factory || typeof document !== 'undefined') all.push(begin(entry, factory))
  }
  const shaping = all.filter(({ mayShape }) => mayShape).map(({ arrival }) => arrival)
  await Promise.race([patience, Promise.allSettled(shaping)])
  return all.flatMap(
    ({ entry, arrival, actions }): AnyPlugin[] => actions ?? [awaitedDestination(entry, arrival)],
  )
}

interface Begun {
  readonly entry: RemotePlugin
  readonly arrival: Promise<ActionPlugin[]>
  /** Whether it may bring plugins that see events before they are sent. */
  readonly mayShape: boolean
  /** Once they are there. */
  actions?: ActionPlugin[]
}
