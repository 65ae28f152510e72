import { isPlainObject, isString } from '@sluice/core'
import type { SegmentEvent } from '../../segment-event'
import { guarded } from '../../storage/guarded'

export interface KeptEvent {
  readonly event: SegmentEvent
  /** Of its context. */
  readonly id: string | undefined
}

/** Reads a list of contexts that a page has put into storage, which is open to everybody: what is none is passed over. */
export function readEvents(text: string): KeptEvent[] {
  const items: unknown = guarded(() => JSON.parse(text))
  return Array.isArray(items) ? items.flatMap(readEvent) : []
}

function readEvent(item: unknown): KeptEvent[] {
  if (!isPlainObject(item) || !isPlainObject(item.event) || !isString(item.event.type)) return []
  const { id } = item
  return [{ event: item.event as object as SegmentEvent, id: isString(id) ? id : undefined }]
}
