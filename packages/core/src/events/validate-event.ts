import { ValidationError } from '../errors'
import { exists, isPlainObject, isString } from '../flow/type-guards'
import type { CoreSegmentEvent } from './types'

const isNotString = 'is not a string'
const isNotObject = 'is not an object'
const isNil = 'is nil'

/** Throws a `ValidationError` unless at least one of the event's ids is there and the first of them is a string. */
export function assertUserIdentity(event: CoreSegmentEvent): void {
  const field = '.userId/anonymousId/previousId/groupId'
  const id = event.userId ?? event.anonymousId ?? event.groupId ?? event.previousId
  if (!exists(id)) throw new ValidationError(field, isNil)
  if (!isString(id)) throw new ValidationError(field, isNotString)
}

export function assertEventExists(event?: CoreSegmentEvent | null): asserts event is CoreSegmentEvent {
  if (!exists(event)) throw new ValidationError('Event', isNil)
  if (typeof event !== 'object') throw new ValidationError('Event', isNotObject)
}

export function assertEventType(event: CoreSegmentEvent): void {
  if (!isString(event.type)) throw new ValidationError('.type', isNotString)
}

export function assertTrackEventName(event: CoreSegmentEvent): void {
  if (!isString(event.event)) throw new ValidationError('.event', isNotString)
}

export function assertTrackEventProperties(event: CoreSegmentEvent): void {
  if (!isPlainObject(event.properties)) throw new ValidationError('.properties', isNotObject)
}

export function assertTraits(event: CoreSegmentEvent): void {
  if (!isPlainObject(event.traits)) throw new ValidationError('.traits', isNotObject)
}

export function assertMessageId(event: CoreSegmentEvent): void {
  if (!isString(event.messageId)) throw new ValidationError('.messageId', isNotString)
}

/** Throws a `ValidationError` for the first fault found in an event; one without faults passes. */
export function validateEvent(event?: CoreSegmentEvent | null): void {
  assertEventExists(event)
  assertEventType(event)
  assertMessageId(event)
  if (event.type === 'track') {
    assertTrackEventName(event)
    assertTrackEventProperties(event)
  }
  if (event.type === 'group' || event.type === 'identify') assertTraits(event)
}
