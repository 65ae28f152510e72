import type { RemotePlugin } from '../../settings/cdn-settings'

/**
 * Actions of the public catalogue of destinations (`segmentio/action-destinations`) that add to events or drop them before
 * they are sent, besides those whose names say so.
 */
const shapingActions = new Set([
  'autocaptureAttribution',
  'customAttributesSync',
  'debounce',
  'enrichUser',
  'sessionId',
  'throttle',
])

/** Whether the settings ask for an action that is known to see events before they are sent. */
export function asksToShape({ settings }: RemotePlugin): boolean {
  const subscriptions: unknown = settings?.subscriptions
  if (!Array.isArray(subscriptions)) return false
  return subscriptions.some(
    (subscription) => subscription?.enabled !== false && isShaping(String(subscription?.partnerAction)),
  )
}

function isShaping(action: string): boolean {
  return /(plugin|enrichment)$/i.test(action) || shapingActions.has(action)
}
