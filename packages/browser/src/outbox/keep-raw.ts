import type { SegmentEvent } from '../segment-event'
import { type BrowserOutbox, rawMark } from './outbox'

/** Keeps an event that plugins have not seen: a page that finds it takes it through its own. */
export function keepRaw(outbox: BrowserOutbox, event: SegmentEvent): void {
  const { messageId } = event
  if (!messageId || outbox.entries.has(messageId)) return
  try {
    outbox.put(messageId, rawMark + JSON.stringify(event))
  } catch {
    // What cannot be turned into text is refused later, by the destination that needs it.
  }
}
