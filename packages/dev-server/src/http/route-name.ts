import { type EventType, eventTypes } from '../events/event-type'

/** The names of routes as counts, streams and fault scripts use them. */
export type RouteName = EventType | 'batch' | 'import' | 'metrics' | 'pixel' | 'settings' | 'token'

/** The routes that carry events. */
export const trackingRoutes: readonly RouteName[] = [...eventTypes, 'batch', 'import', 'metrics', 'pixel']

export const routeNames: readonly RouteName[] = [...trackingRoutes, 'settings', 'token']

export function isRouteName(value: unknown): value is RouteName {
  return typeof value === 'string' && (routeNames as readonly string[]).includes(value)
}
