import type { Analytics } from './analytics'
import type { AnalyticsBrowserSettings } from './browser-settings'
import { installableClassics } from './device-mode/classic/installable'
import { lateDestinationFilter } from './filters/late-destination-filter'
import { plansAnything } from './filters/plans-anything'
import type { Plugin, PluginFactory } from './plugin'
import type { AnyPlugin } from './plugins/types'

/**
 * The plugins that the application, its source's settings and its options ask for, each kind in a chunk that is loaded
 * only where there is something for it to do. What cannot be loaded is told and left out: events flow without it.
 */
export async function extensions(
  analytics: Analytics,
  { plugins = [], classicIntegrations }: AnalyticsBrowserSettings,
): Promise<AnyPlugin[]> {
  const { remotePlugins, plan, middlewareSettings, enabledMiddleware } = analytics.settings.cdnSettings
  const { track } = analytics.options.plan ?? plan ?? {}
  const { routingRules } = middlewareSettings ?? {}
  if (Array.isArray(routingRules) && routingRules.length > 0) {
    void analytics.addDestinationMiddleware('*', lateDestinationFilter(routingRules))
  }
  const factories = plugins.filter((given): given is PluginFactory => typeof given === 'function')
  const extending = await Promise.all([
    orWithout('Classic destinations', async () => {
      const { settings, integrations } = analytics
      const installable = installableClassics(settings.cdnSettings, integrations, classicIntegrations)
      if (installable.size === 0 || typeof document === 'undefined') return []
      const { classicDestinations } = await import('./device-mode/classic/classic-destinations')
      return classicDestinations(analytics, installable)
    }),
    remotePlugins?.length
      ? orWithout('Action destinations', async () => {
          const { actionDestinations } = await import('./device-mode/actions/action-destinations')
          return actionDestinations(analytics, factories)
        })
      : [],
    track && plansAnything(track)
      ? orWithout('The tracking plan', async () => {
          const { schemaFilter } = await import('./filters/schema-filter')
          return [schemaFilter(track, remotePlugins)]
        })
      : [],
    plugins.filter((given): given is Plugin => typeof given === 'object'),
    enabledMiddleware && Object.values(enabledMiddleware).some(Boolean)
      ? orWithout('Middleware of the source', async () => {
          const { remoteMiddleware } = await import('./middleware/remote-middleware')
          return remoteMiddleware(analytics, enabledMiddleware)
        })
      : [],
  ])
  return extending.flat()
}

async function orWithout(what: string, load: () => Promise<AnyPlugin[]>): Promise<AnyPlugin[]> {
  try {
    return await load()
  } catch (reason) {
    console.error(`${what} could not be loaded`, reason)
    return []
  }
}
