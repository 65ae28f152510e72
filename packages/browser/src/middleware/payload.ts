import type { SegmentEvent } from '../segment-event'
import type { MiddlewarePayload } from './types'

/** What a middleware sees of an event. */
export function createPayload(event: SegmentEvent): MiddlewarePayload {
  const field = (path: string) =>
    path.split('.').reduce<unknown>((value, key) => (value as Record<string, unknown> | null)?.[key], event)
  return {
    obj: event,
    type: () => event.type,
    field,
    proxy: field,
    userId: () => event.userId,
    anonymousId: () => event.anonymousId,
    messageId: () => event.messageId,
    traits: () => event.traits ?? event.context?.traits ?? {},
    properties: () => event.properties,
    context: () => event.context,
    integrations: () => event.integrations,
    timestamp: () => event.timestamp,
    event: () => event.event,
    groupId: () => event.groupId,
    json: () => event,
  }
}
