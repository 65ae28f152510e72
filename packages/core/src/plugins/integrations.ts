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
  let choice: unknown
  // The last name that is mentioned decides, before all others its own.
  const others: unknown = plugin.alternativeNames
  for (const other of Array.isArray(others) ? others : []) {
    if (integrations[other] !== undefined) choice = integrations[other]
  }
  // A choice counts as `if` sees it; what is not chosen is on, unless all are off.
  return Boolean(integrations[name] ?? choice ?? (isCloud || integrations.All !== false))
}
