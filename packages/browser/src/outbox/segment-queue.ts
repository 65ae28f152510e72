import type { KeyValueStore } from '@sluice/core/internal'
import type { OutboxEntry } from './outbox'

/**
 * Takes over what Segment's library left unsent in this storage: lists of events, put there when a page was left. A list
 * that one of its pages is just working on is left alone. Answers the events, the oldest first, without duplicates.
 */
export function takeSegmentQueue(store: KeyValueStore, writeKey: string, now: number): OutboxEntry[] {
  const taken = new Map<string, OutboxEntry>()
  for (const name of [`${writeKey}:event-queue`, `${writeKey}:dest-Segment.io`]) {
    const key = `persisted-queue:v1:${name}`
    if (Number(store.get(`${key}:lock`) ?? 0) > now) continue
    for (const entry of readItems(store.get(`${key}:items`))) {
      if (!taken.has(entry.id)) taken.set(entry.id, entry)
    }
    store.remove(`${key}:items`)
    store.remove(`${key}:seen`)
  }
  return [...taken.values()]
}

function readItems(text: string | undefined): OutboxEntry[] {
  if (text === undefined) return []
  try {
    const items: unknown = JSON.parse(text)
    return Array.isArray(items) ? items.flatMap(readItem) : []
  } catch {
    // Cut off or overwritten: there is nothing to be had from it.
    return []
  }
}

function readItem(item: unknown): OutboxEntry[] {
  if (typeof item !== 'object' || item === null || !('event' in item)) return []
  const { event } = item
  if (typeof event !== 'object' || event === null || !('messageId' in event)) return []
  const { messageId } = event
  return typeof messageId === 'string' ? [{ id: messageId, json: JSON.stringify(event) }] : []
}
