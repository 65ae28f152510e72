import { hostClock, withTimeLimit } from '@sluice/core/internal'
import type { Analytics } from './analytics'
import type { AnalyticsBrowserSettings } from './browser-settings'
import { wantedDestinations } from './device-mode/actions/wanted'
import { installableClassics } from './device-mode/classic/installable'
import { missingDestination } from './device-mode/missing-destination'
import { lateDestinationFilter } from './filters/late-destination-filter'
import { plansAnything } from './filters/plans-anything'
import { isPage } from './past-markup'
import type { Plugin, PluginFactory } from './plugin'
import type { AnyPlugin } from './plugins/types'

/**
 * The plugins that the application, its source's settings and its options ask for, each kind in a chunk that is loaded
 * only where there is something for it to do. What cannot be loaded is told and left out: events flow without it.
 */
export async function extensions(
  analytics: Analytics,
  { plugins: given, classicIntegrations }: AnalyticsBrowserSettings,
): Promise<AnyPlugin[]> {
  // Pages in plain JavaScript may give anything.
  const plugins = Array.isArray(given) ? given : []
  const { plan, middlewareSettings, enabledMiddleware } = analytics.settings.cdnSettings
  const wanted = wantedDestinations(analytics)
  const { track } = analytics.options.plan ?? plan ?? {}
  const { routingRules } = middlewareSettings ?? {}
  if (Array.isArray(routingRules) && routingRules.length > 0) {
    void analytics.addDestinationMiddleware('*', lateDestinationFilter(routingRules))
  }
  const factories = plugins.filter((given): given is PluginFactory => typeof given === 'function')
  const inTime = <Code>(code: Promise<Code>) =>
    withTimeLimit(code, { clock: hostClock, ms: analytics.options.pluginTimeout ?? 30_000 }, 'The code')
  const extending = await Promise.all([
    orWithout('Classic destinations', async (without) => {
      const { settings, integrations } = analytics
      const installable = installableClassics(settings.cdnSettings, integrations, classicIntegrations)
      if (installable.size === 0 || !isPage()) return []
      without.push(...installable.keys())
      const { classicDestinations } = await inTime(import('./device-mode/classic/classic-destinations'))
      return classicDestinations(analytics, installable)
    }),
    wanted.length > 0
      ? orWithout('Action destinations', async (without) => {
          without.push(...wanted.map(({ creationName }) => creationName))
          const { actionDestinations } = await inTime(import('./device-mode/actions/action-destinations'))
          return actionDestinations(analytics, factories, wanted)
        })
      : [],
    track && plansAnything(track)
      ? orWithout('The tracking plan', async () => {
          const { schemaFilter } = await inTime(import('./filters/schema-filter'))
          return [schemaFilter(track, wanted)]
        })
      : [],
    plugins.filter((given): given is Plugin => typeof given === 'object'),
    enabledMiddleware && Object.values(enabledMiddleware).some(Boolean)
      ? orWithout('Middleware of the source', async () => {
          const { remoteMiddleware } = await inTime(import('./middleware/remote-middleware'))
          return remoteMiddleware(analytics, enabledMiddleware)
        })
      : [],
  ])
  return extending.flat()
}

/** `load` says first which destinations are missing if it fails. */
async function orWithout(
  what: string,
  load: (without: string[]) => Promise<AnyPlugin[]>,
): Promise<AnyPlugin[]> {
  const destinations: string[] = []
  try {
    return await load(destinations)
  } catch (reason) {
    console.error(`${what} could not be loaded`, reason)
    return destinations.map((name) => missingDestination(name, reason))
  }
}
