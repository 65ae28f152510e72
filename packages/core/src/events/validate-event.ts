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
  assertString(event, 'type')
}

export function assertTrackEventName(event: CoreSegmentEvent): void {
  assertString(event, 'event')
}

export function assertTrackEventProperties(event: CoreSegmentEvent): void {
  assertObject(event, 'properties')
}

export function assertTraits(event: CoreSegmentEvent): void {
  assertObject(event, 'traits')
}

export function assertMessageId(event: CoreSegmentEvent): void {
  assertString(event, 'messageId')
}

/** Throws a `ValidationError` for the first fault found in an event; one without faults passes. */
export function validateEvent(event?: CoreSegmentEvent | null): void {
  assertEventExists(event)
  assertString(event, 'type')
  assertString(event, 'messageId')
  if (event.type === 'track') {
    assertString(event, 'event')
    assertObject(event, 'properties')
  }
  if (event.type === 'group' || event.type === 'identify') assertObject(event, 'traits')
}

function assertString(event: CoreSegmentEvent, field: keyof CoreSegmentEvent): void {
  if (!isString(event[field])) throw new ValidationError(`.${field}`, isNotString)
}

function assertObject(event: CoreSegmentEvent, field: keyof CoreSegmentEvent): void {
  if (!isPlainObject(event[field])) throw new ValidationError(`.${field}`, isNotObject)
}
