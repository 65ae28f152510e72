import { isFunction, isPlainObject } from '@sluice/core'
import { assertPlugin } from '@sluice/core/internal'
import type { Analytics } from '../../analytics'
import type { Plugin, PluginFactory } from '../../plugin'
import type { RemotePlugin } from '../../settings/cdn-settings'
import { loadFactory } from './load-factory'

/** What a plugin must have, besides its hooks. */
const required = ['load', 'isLoaded', 'name', 'version', 'type'] as const

/** Makes the plugins of a destination, one for each action, by the script that `entry` names or by `factory` in its stead. */
export async function makeActions(
  entry: RemotePlugin,
  factory: PluginFactory | undefined,
  analytics: Analytics,
): Promise<Plugin[]> {
  const make = factory ?? (await loadFactory(entry, analytics))
  const made: unknown = await make({ ...entry.settings, ...settingsOf(entry, analytics) })
  const actions: unknown[] = Array.isArray(made) ? made : [made]
  return actions.map(asAction)
}

/** What the settings of the source and of the page say under the destination's name. */
function settingsOf({ name }: RemotePlugin, { settings, integrations }: Analytics): object {
  const ofSource = settings.cdnSettings.integrations[name]
  const ofPage = integrations[name]
  return { ...ofSource, ...(ofSource && isPlainObject(ofPage) && ofPage) }
}

function asAction(made: unknown): Plugin {
  assertPlugin(made)
  const missing = required.filter((field) => made[field] === undefined)
  if (missing.length > 0) throw new TypeError(`The plugin ${made.name} has no ${missing.join(', no ')}`)
  if (!isFunction(made.load)) throw new TypeError(`load of the plugin ${made.name} is no function`)
  return made as Plugin
}
