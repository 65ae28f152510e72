/**
 * Destinations of the first generation: scripts on the CDN, or packages from npm, that make an object which is told of
 * events. Only this chunk knows `@segment/facade`, by which these objects read events.
 */
import { isPlainObject } from '@sluice/core'
import { createMemoryStore } from '@sluice/core/internal'
import { createPageLifecycle } from '../../adapters/page-lifecycle'
import type { Analytics } from '../../analytics'
import type { ClassicIntegrationSource } from '../../browser-settings'
import type { AnyPlugin } from '../../plugins/types'
import { createLocalStore } from '../../storage/local-store'
import { classicPlugin } from './classic-plugin'
import { createHeldEvents } from './held-events'

/** A plugin for each of these destinations, named with their code where it comes from npm. */
export function classicDestinations(
  analytics: Analytics,
  installable: ReadonlyMap<string, ClassicIntegrationSource | undefined>,
): AnyPlugin[] {
  const { settings, options, integrations, queue } = analytics
  const { writeKey, cdnSettings } = settings
  const { store = createLocalStore(), disableClientPersistence } = options
  const kept = disableClientPersistence ? createMemoryStore() : store
  const lifecycle = queue.keeper?.page.lifecycle ?? createPageLifecycle()
  return [...installable].map(([name, source]) => {
    const ofSource = cdnSettings.integrations[name]
    const ofPage = integrations[name]
    const { override, version = 'latest' } = ofSource?.versionSettings ?? {}
    return classicPlugin({
      name,
      version: override ?? version,
      settings: { ...ofSource, ...(isPlainObject(ofPage) && ofPage) },
      source,
      analytics,
      lifecycle,
      holdEvents: (dropped) => createHeldEvents({ store: kept, writeKey, name, dropped }),
    })
  })
}
