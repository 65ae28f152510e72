import { exists, isPlainObject, isString, ValidationError } from '@sluice/core'
import type { SegmentEvent } from './segment-event'

const ids = ['userId', 'anonymousId', 'groupId', 'previousId'] as const

/**
 * What a server-side event must have beyond what core asks of every event: the Tracking API takes an event that lacks
 * it with a friendly answer and then throws it away. Throws a `ValidationError` for the first fault.
 */
export function validateServerEvent(event: SegmentEvent): void {
  assertIds(event)
  if (event.type === 'track' && event.event === '') throw new ValidationError('.event', 'is empty')
  if ((event.type === 'page' || event.type === 'screen') && !isPlainObject(event.properties)) {
    throw new ValidationError('.properties', 'is not an object')
  }
  assertTimestamp(event.timestamp)
}

function assertIds(event: SegmentEvent): void {
  // The first two read the same for every fault in who it was: programs look at them.
  const given = ids.filter((name) => exists(event[name]))
  const [first] = given
  if (first === undefined) throw new ValidationError(anyId, 'is nil')
  if (!isString(event[first])) throw new ValidationError(anyId, 'is not a string')
  for (const name of given)
    if (!isString(event[name])) throw new ValidationError(`.${name}`, 'is not a string')

  if (event.type === 'alias') {
    if (!event.userId) throw new ValidationError('.userId', 'is nil')
    if (!event.previousId) throw new ValidationError('.previousId', 'is nil')
    return
  }
  if (!event.userId && !event.anonymousId) throw new ValidationError(anyId, 'is nil')
  if (event.type === 'group' && !event.groupId) throw new ValidationError('.groupId', 'is nil')
}

const anyId = '.userId/anonymousId/previousId/groupId'

function assertTimestamp(timestamp: unknown): void {
  const isTime =
    !exists(timestamp) ||
    Number.isFinite(timestamp) ||
    (timestamp instanceof Date && !Number.isNaN(timestamp.getTime())) ||
    (isString(timestamp) && !Number.isNaN(Date.parse(timestamp)))
  if (!isTime) throw new ValidationError('.timestamp', 'is not a date')
}
