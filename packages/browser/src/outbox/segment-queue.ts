import type { BrowserOutbox, OutboxEntry } from './outbox'
import { rawMark } from './outbox'

/**
 * Moves what Segment's library left unsent in this storage into the outbox: lists of events, put there when a page was
 * left. A list that one of its pages is just working on is left alone. Answers the events without duplicates: first those
 * that only had to be sent, then those that had not been through the plugins yet, marked as such.
 */
export function takeSegmentQueues(outbox: BrowserOutbox, apiKey: string, now: number): OutboxEntry[] {
  const taken = new Map<string, OutboxEntry>()
  const take = (name: string, mark: string) => {
    const { store } = outbox
    const key = `persisted-queue:v1:${name}`
    if (Number(store.get(`${key}:lock`) ?? 0) > now) return
    for (const { id, json } of readItems(store.get(`${key}:items`))) {
      if (taken.has(id) || outbox.entries.has(id)) continue
      const entry = { id, json: mark + json }
      taken.set(id, entry)
      outbox.put(id, entry.json)
    }
    store.remove(`${key}:items`)
    store.remove(`${key}:seen`)
  }
  take(`${apiKey}:dest-Segment.io`, '')
  take(`${outbox.writeKey}:event-queue`, rawMark)
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
