/** The six kinds of call that the Tracking API knows. */
export type EventType = 'track' | 'identify' | 'page' | 'screen' | 'group' | 'alias'

export const eventTypes: readonly EventType[] = ['track', 'identify', 'page', 'screen', 'group', 'alias']

export function isEventType(value: unknown): value is EventType {
  return typeof value === 'string' && (eventTypes as readonly string[]).includes(value)
}
