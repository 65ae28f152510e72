import { isPlainObject, isString } from '@sluice/core'
import type { SegmentEvent } from '../segment-event'
import { attemptsBefore, isRaw, leftMark, type OutboxEntry, withoutMark } from './outbox'

/** An event that was found in storage. */
export interface KeptEvent {
  readonly event: SegmentEvent
  /** It has not been through the plugins yet. */
  readonly isRaw: boolean
  /** When its page was left while a request carried it that outlives pages, in ms since 1970; otherwise no number. */
  readonly leftAt: number
}

/** Attempts of an event that plugins hold up, on all pages together. */
const maxAttempts = 10

const types = /^(track|page|screen|identify|alias|group)$/

/**
 * Reads what was kept, which may be anything: storage is open to everybody. Its id is the one it is kept under, by which
 * it is taken out again. Throws for what is no event, or has had its chances.
 */
export function readKept({ id, json }: OutboxEntry): KeptEvent {
  const read: unknown = JSON.parse(withoutMark(json))
  if (!id || !isPlainObject(read) || !isString(read.type) || !types.test(read.type))
    throw new Error('it is no event')
  if (attemptsBefore(json) >= maxAttempts) throw new Error('plugins held it up too often')
  return {
    event: { ...(read as object as SegmentEvent), messageId: id },
    isRaw: isRaw(json),
    leftAt: Number(leftMark.exec(json)?.[1]),
  }
}
