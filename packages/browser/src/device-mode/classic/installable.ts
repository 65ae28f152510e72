import { isPlainObject } from '@sluice/core'
import type { ClassicIntegrationSource } from '../../browser-settings'
import type { IntegrationsInitOptions } from '../../options'
import type { CDNSettings, RemoteIntegrationSettings } from '../../settings/cdn-settings'

/**
 * The destinations of the first generation that run on this page, by name, with their code where it comes from npm: those
 * that the settings of the source put into the page, and those from npm for which there are settings. What `integrations`
 * switch off is not among them.
 */
export function installableClassics(
  { integrations: ofSource }: CDNSettings,
  integrations: IntegrationsInitOptions,
  sources: readonly ClassicIntegrationSource[] = [],
): Map<string, ClassicIntegrationSource | undefined> {
  const found = new Map<string, ClassicIntegrationSource | undefined>()
  for (const [name, settings] of Object.entries(ofSource)) {
    if (isForPages(name, settings)) found.set(name, undefined)
  }
  for (const source of sources) {
    const { name } = ('Integration' in source ? source.Integration : source).prototype
    if (isPlainObject(ofSource[name]) || isPlainObject(integrations[name])) found.set(name, source)
  }
  for (const name of found.keys()) {
    if ((integrations[name] ?? integrations.All) === false) found.delete(name)
  }
  return found
}

// Settings of a source may hold anything.
function isForPages(name: string, settings: RemoteIntegrationSettings | null | undefined): boolean {
  // Not scripts of the first generation, though settings may call them so.
  if (name.startsWith('Segment') || name === 'Iterable') return false
  const components: unknown = settings?.versionSettings?.componentTypes
  const isOfPages =
    settings?.type === 'browser' || (Array.isArray(components) && components.includes('browser'))
  return isOfPages && settings?.bundlingStatus !== 'unbundled'
}
