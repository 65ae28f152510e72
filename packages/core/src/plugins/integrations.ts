import type { IntegrationsOptions } from '../events/types'

/** The destination that stands for the Tracking API itself. */
export const cloudDestination = 'Segment.io'

interface Switchable {
  readonly name: string
  readonly type: string
  readonly alternativeNames?: string[]
}

/**
 * Whether the event's `integrations` let this plugin see it. Only destinations can be switched off, and the Tracking
 * API only by its own name: `All: false` means the others.
 */
export function isSwitchedOn(plugin: Switchable, integrations: IntegrationsOptions | undefined): boolean {
  if (plugin.type !== 'destination' && plugin.name !== cloudDestination) return true
  if (!integrations) return true
  const choice = integrations[plugin.name] ?? byAlternativeName(plugin, integrations)
  return (choice ?? (plugin.name === cloudDestination ? true : integrations.All)) !== false
}

function byAlternativeName({ alternativeNames }: Switchable, integrations: IntegrationsOptions): unknown {
  let choice: unknown
  // The last name that is mentioned decides.
  for (const name of alternativeNames ?? []) choice = integrations[name] ?? choice
  return choice
}
