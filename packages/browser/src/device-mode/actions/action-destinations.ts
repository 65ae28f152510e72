/**
 * Destinations of the second generation: scripts that the source's settings name, or functions from npm that stand in for
 * them, make plugins, one for each action.
 *
 * Events wait for no destination: until its script has come, a destination under its name takes the events for it. A
 * script may bring plugins that have to see an event before it is sent, however, and shows that only when it has run. Where
 * the settings ask for such an action, or the last visit has shown one, events wait for the script, but not for long, and
 * not again if that was in vain.
 */
import { hostClock, withTimeLimit } from '@sluice/core/internal'
import type { Analytics } from '../../analytics'
import { isPage } from '../../past-markup'
import type { Plugin, PluginFactory } from '../../plugin'
import type { AnyPlugin } from '../../plugins/types'
import type { RemotePlugin } from '../../settings/cdn-settings'
import type { ActionPlugin } from './action-plugin'
import { asksToShape } from './asks-to-shape'
import { awaitedDestination } from './awaited-destination'
import { createInbox, type Inbox } from './inbox'
import { createKnownScripts, type ScriptKind } from './known-scripts'
import { makeActions } from './make-actions'
import { wrapAction } from './wrap-action'

/** How long events wait, in ms, for all scripts together. */
const usualPatienceMs = 1_000

/**
 * The plugins of these destinations. `factories` are those from npm. Resolves when every script
 * that events have to wait for has come, or has let them wait too long.
 */
export async function actionDestinations(
  analytics: Analytics,
  factories: readonly PluginFactory[],
  entries: readonly RemotePlugin[],
): Promise<AnyPlugin[]> {
  const { options } = analytics
  const { remotePluginWait, pluginTimeout = 30_000 } = options
  const limit = { clock: hostClock, ms: pluginTimeout }
  let isOver = false
  const patience = new Promise<void>((resolve) =>
    hostClock.after(remotePluginWait ?? usualPatienceMs, () => {
      isOver = true
      resolve()
    }),
  )
  const known = createKnownScripts(options)

  const mustWait = (entry: RemotePlugin): boolean => {
    const kind = known.kindOf(entry)
    // A page that says how long has something to wait for.
    if (remotePluginWait !== undefined) return kind !== 'sending'
    return kind ? kind === 'shaping' : asksToShape(entry)
  }
  const begin = (entry: RemotePlugin, factory: PluginFactory | undefined): Begun => {
    const { creationName } = entry
    const isWaitedFor = factory !== undefined || mustWait(entry)
    const inbox = createInbox(() => begun.actions ?? [])
    const shapingPatience = isWaitedFor ? patience : Promise.resolve()
    const made = withTimeLimit(makeActions(entry, factory, analytics), limit, `The script of ${creationName}`)
    const arrival = made.then((actions) => {
      if (!factory) known.note(entry, kindOf(actions, isOver))
      begun.actions = actions.map((action) =>
        wrapAction(creationName, action, { analytics, inbox, patience, shapingPatience, limit }),
      )
      return begun.actions
    })
    // Whoever waits for it hears of it.
    arrival.catch(() => {})
    const begun: Begun = { entry, factory, inbox, arrival, isWaitedFor }
    return begun
  }

  const all: Begun[] = []
  for (const entry of entries) {
    const factory = factories.find(({ pluginName }) => pluginName === entry.name)
    // Scripts are for pages.
    if (factory || isPage()) all.push(begin(entry, factory))
  }
  const awaited = all.filter((begun) => begun.isWaitedFor)
  await Promise.race([patience, Promise.allSettled(awaited.map(({ arrival }) => arrival))])
  for (const { entry, factory, actions } of awaited) if (!actions && !factory) known.note(entry, 'missing')
  return all.flatMap(
    ({ entry, arrival, inbox, actions }): AnyPlugin[] =>
      actions ?? [awaitedDestination(entry, arrival, inbox)],
  )
}

function kindOf(actions: readonly Plugin[], isTooLate: boolean): ScriptKind {
  if (!actions.some(({ type }) => type === 'before' || type === 'enrichment')) return 'sending'
  return isTooLate ? 'missing' : 'shaping'
}

interface Begun {
  readonly entry: RemotePlugin
  readonly factory: PluginFactory | undefined
  readonly inbox: Inbox
  readonly arrival: Promise<ActionPlugin[]>
  /** Whether events wait until it has come. */
  readonly isWaitedFor: boolean
  /** Once they are there. */
  actions?: ActionPlugin[]
}
