import type { PluginType } from './types'

/** A plugin with what it said of itself when it came: whatever becomes of it, it can be found and named. */
export interface Registered<Plugin> {
  readonly plugin: Plugin
  readonly name: string
  readonly type: PluginType
}

export function registered<Plugin extends { name: string; type: PluginType }>(
  plugin: Plugin,
): Registered<Plugin> {
  const { name, type } = plugin
  return { plugin, name, type }
}
