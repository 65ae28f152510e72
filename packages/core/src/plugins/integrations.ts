import type { IntegrationsOptions } from '../events/types'
import { wantsEvent } from './types'

/** The destination that stands for the Tracking API itself. */
export const cloudDestination = 'Segment.io'

interface Switchable {
  readonly name: string
  readonly type: string
  readonly alternativeNames?: string[]
  readonly [wantsEvent]?: (integrations: IntegrationsOptions) => boolean
}

/**
 * Whether the event's `integrations` let this plugin see it. Only destinations can be switched off, and the Tracking
 * API only by its own name: `All: false` means the others.
 */
export function isSwitchedOn(plugin: Switchable, integrations: IntegrationsOptions | undefined): boolean {
  const { name } = plugin
  const isCloud = name === cloudDestination
  if (!integrations || (plugin.type !== 'destination' && !isCloud)) return true
  const decides = plugin[wantsEvent]
  if (decides) return decides(integrations)
  let choice: unknown = isCloud || integrations.All
  // The last name that is mentioned decides, before all others its own.
  for (const other of plugin.alternativeNames ?? []) choice = integrations[other] ?? choice
  return (integrations[name] ?? choice) !== false
}
