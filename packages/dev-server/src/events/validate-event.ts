import { isJsonObject, type JsonObject } from '../json'
import type { Limits } from '../limits'
import type { EventFault, FaultReason } from './event-fault'
import type { EventType } from './event-type'
import { readIsoDateMs } from './iso-date'

/** Finds the first thing that is wrong with an event, size left aside. */
export function validateEvent(event: JsonObject, type: EventType, limits: Limits): EventFault | undefined {
  return (
    messageIdFault(event.messageId, limits) ??
    idFault(event) ??
    fieldsOf(type)
      .map((field) => objectFault(event, field))
      .find((found) => found !== undefined) ??
    timestampFault(event) ??
    subjectFault(event, type)
  )
}

function messageIdFault(messageId: unknown, limits: Limits): EventFault | undefined {
  if (isAbsent(messageId)) return undefined
  if (typeof messageId !== 'string') return notString('messageId', messageId)
  if (messageId.length <= limits.messageIdChars) return undefined
  return fault(
    'message_id_too_long',
    'messageId',
    `messageId has ${messageId.length} characters; at most ${limits.messageIdChars} are allowed`,
  )
}

function idFault(event: JsonObject): EventFault | undefined {
  for (const field of ['userId', 'anonymousId']) {
    if (!isAbsent(event[field]) && !isId(event[field])) return notString(field, event[field])
  }
  if (hasId(event.userId) || hasId(event.anonymousId)) return undefined
  return { reason: 'no_user_anon_id', message: 'Neither userId nor anonymousId is given' }
}

function subjectFault(event: JsonObject, type: EventType): EventFault | undefined {
  switch (type) {
    case 'track':
      if (!isAbsent(event.event) && typeof event.event !== 'string') return notString('event', event.event)
      return event.event
        ? undefined
        : fault('event_name_missing', 'event', 'A track call needs the name of its event')
    case 'group':
      return hasId(event.groupId)
        ? undefined
        : fault('group_id_missing', 'groupId', 'A group call needs a groupId')
    case 'alias':
      return hasId(event.previousId)
        ? undefined
        : fault('previous_id_missing', 'previousId', 'An alias call needs a previousId')
    case 'page':
    case 'screen':
      return isAbsent(event.name) || typeof event.name === 'string'
        ? undefined
        : notString('name', event.name)
    case 'identify':
      return undefined
  }
}

function fieldsOf(type: EventType): readonly string[] {
  switch (type) {
    case 'track':
    case 'page':
    case 'screen':
      return ['properties', 'context', 'integrations']
    case 'identify':
    case 'group':
      return ['traits', 'context', 'integrations']
    case 'alias':
      return ['context', 'integrations']
  }
}

function objectFault(event: JsonObject, field: string): EventFault | undefined {
  const value = event[field]
  if (value === undefined || value === null || isJsonObject(value)) return undefined
  return fault('field_not_object', field, `${field} must be an object, not ${nameKind(value)}`)
}

function timestampFault(event: JsonObject): EventFault | undefined {
  if (isAbsent(event.timestamp) || readIsoDateMs(event.timestamp) !== undefined) return undefined
  return fault('invalid_timestamp', 'timestamp', 'timestamp must be a date in ISO 8601')
}

function notString(field: string, value: unknown): EventFault {
  return fault('field_not_string', field, `${field} must be a string, not ${nameKind(value)}`)
}

function fault(reason: FaultReason, field: string, message: string): EventFault {
  return { reason, field, message }
}

// SDKs send `null` and '' for "unknown", so both mean that the field is not there.
function isAbsent(value: unknown): boolean {
  return value === undefined || value === null || value === ''
}

// Numbers are ids too: untyped code sends database keys as they are.
function isId(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'number'
}

function hasId(value: unknown): boolean {
  return isId(value) && value !== ''
}

function nameKind(value: unknown): string {
  if (Array.isArray(value)) return 'an array'
  if (value === null) return 'null'
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`
}
