import { exists, isPlainObject, isString, ValidationError } from '@sluice/core'
import { isDate } from '@sluice/core/internal'
import type { SegmentEvent } from './segment-event'

const ids = ['userId', 'anonymousId', 'groupId', 'previousId'] as const

/** Of a message id, in characters: with a longer one the event is thrown away after it was accepted. */
const maxIdLength = 100

/**
 * What a server-side event must have beyond what Segment's library asks of it: the Tracking API takes an event that lacks
 * it with a friendly answer and then throws it away. Throws a `ValidationError` for the first fault.
 */
export function validateServerEvent(event: SegmentEvent): void {
  const { type, messageId = '', timestamp } = event
  for (const name of ids) {
    if (exists(event[name]) && !isString(event[name]))
      throw new ValidationError(`.${name}`, 'is not a string')
  }
  if (type === 'alias') {
    assertPresent(event, 'userId')
    assertPresent(event, 'previousId')
  } else if (!event.userId && !event.anonymousId) {
    throw new ValidationError('.userId/anonymousId/previousId/groupId', 'is nil')
  }
  if (type === 'group') assertPresent(event, 'groupId')
  if (type === 'track' && event.event === '') throw new ValidationError('.event', 'is empty')
  if ((type === 'page' || type === 'screen') && !isPlainObject(event.properties)) {
    throw new ValidationError('.properties', 'is not an object')
  }
  if (messageId.length > maxIdLength) {
    throw new ValidationError('.messageId', `is longer than ${maxIdLength} characters`)
  }
  if (exists(timestamp) && !isTime(timestamp)) {
    throw new ValidationError('.timestamp', 'is not a date in ISO 8601')
  }
}

function assertPresent(event: SegmentEvent, name: (typeof ids)[number]): void {
  if (!event[name]) throw new ValidationError(`.${name}`, 'is nil')
}

const iso8601 = /^(\d{4}-\d\d-\d\d)(T\d\d:\d\d(:\d\d([.,]\d+)?)?(Z|[+-]\d\d(:?\d\d)?)?)?$/

function isTime(timestamp: unknown): boolean {
  if (isDate(timestamp)) return !Number.isNaN(timestamp.getTime())
  if (!isString(timestamp)) return Number.isFinite(timestamp)
  const [, day] = iso8601.exec(timestamp) ?? []
  // Whoever reads dates takes a 30th of February for a day in March.
  return day !== undefined && !Number.isNaN(Date.parse(day)) && new Date(day).toISOString().startsWith(day)
}
