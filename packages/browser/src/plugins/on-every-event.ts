import type { PluginHook } from '@sluice/core'
import type { Context } from '../context'

/** The hooks of a plugin that does the same for events of all types. */
export function onEveryEvent(hook: PluginHook<Context>) {
  return { track: hook, page: hook, screen: hook, identify: hook, group: hook, alias: hook }
}
