import { describe, expect, it } from 'vitest'
import type { CoreSegmentEvent } from '../src'
import {
  assertEventExists,
  assertEventType,
  assertMessageId,
  assertTrackEventName,
  assertTrackEventProperties,
  assertTraits,
  assertUserIdentity,
  ValidationError,
  validateEvent,
} from '../src'

/** What plain JavaScript may hand in. */
const event = (fields: unknown) => fields as CoreSegmentEvent

function faultOf(check: (event: CoreSegmentEvent) => void, fields: unknown): string | undefined {
  try {
    check(event(fields))
    return undefined
  } catch (error) {
    expect(error).toBeInstanceOf(ValidationError)
    const { field, message } = error as ValidationError
    expect(message.startsWith(`${field} `)).toBe(true)
    return message
  }
}

const ids = '.userId/anonymousId/previousId/groupId'
const good = { type: 'track', messageId: 'm', event: 'E', properties: {} }

describe('assertUserIdentity', () => {
  it.each<[object, string | undefined]>([
    [{ userId: 'u' }, undefined],
    [{ anonymousId: 'a' }, undefined],
    [{ groupId: 'g' }, undefined],
    [{ previousId: 'p' }, undefined],
    [{ userId: '' }, undefined],
    [{ userId: null, anonymousId: 'a' }, undefined],
    [{ userId: 'u', anonymousId: 7 }, undefined],
    [{}, `${ids} is nil`],
    [{ userId: null, anonymousId: undefined }, `${ids} is nil`],
    [{ userId: 7 }, `${ids} is not a string`],
    [{ userId: 0, anonymousId: 'a' }, `${ids} is not a string`],
    [{ userId: {}, anonymousId: 'a' }, `${ids} is not a string`],
    [{ groupId: 7 }, `${ids} is not a string`],
  ])('looks at the first id that is there: %o → %s', (fields, fault) => {
    expect(faultOf(assertUserIdentity, fields)).toBe(fault)
  })
})

describe('assertEventExists', () => {
  it.each<[unknown, string | undefined]>([
    [{}, undefined],
    [undefined, 'Event is nil'],
    [null, 'Event is nil'],
    ['text', 'Event is not an object'],
    [7, 'Event is not an object'],
  ])('%o → %s', (value, fault) => {
    expect(faultOf(assertEventExists, value)).toBe(fault)
    expect(faultOf(validateEvent, value)).toBe(fault ?? '.type is not a string')
  })
})

describe('the other checks', () => {
  const objects: [unknown, boolean][] = [
    [{}, true],
    [{ a: 1 }, true],
    [Object.create(null), true],
    [undefined, false],
    [null, false],
    [[], false],
    ['text', false],
    [new Date(0), false],
    [new Map(), false],
  ]
  const strings: [unknown, boolean][] = [
    ['text', true],
    ['', true],
    [undefined, false],
    [null, false],
    [7, false],
    [{}, false],
  ]
  const strangeStrings = strings.map(([value, isFine]) => [value, isFine] as const)

  it.each(strangeStrings)('want a string: %o → %s', (value, isFine) => {
    const fault = (field: string) => (isFine ? undefined : `${field} is not a string`)

    expect(faultOf(assertEventType, { type: value })).toBe(fault('.type'))
    expect(faultOf(assertMessageId, { messageId: value })).toBe(fault('.messageId'))
    expect(faultOf(assertTrackEventName, { event: value })).toBe(fault('.event'))
  })

  it.each(objects)('want an object: %o → %s', (value, isFine) => {
    const fault = (field: string) => (isFine ? undefined : `${field} is not an object`)

    expect(faultOf(assertTrackEventProperties, { properties: value })).toBe(fault('.properties'))
    expect(faultOf(assertTraits, { traits: value })).toBe(fault('.traits'))
  })
})

describe('validateEvent', () => {
  it.each<[string, object]>([
    ['track', good],
    ['page', { type: 'page', messageId: 'm' }],
    ['screen with strange properties', { type: 'screen', messageId: 'm', properties: 'none' }],
    ['identify', { type: 'identify', messageId: 'm', traits: {} }],
    ['group', { type: 'group', messageId: 'm', traits: {} }],
    ['alias without traits', { type: 'alias', messageId: 'm' }],
  ])('accepts a good event: %s', (_, fields) => {
    expect(faultOf(validateEvent, fields)).toBeUndefined()
  })

  it.each<[object, string]>([
    [{ ...good, type: undefined, messageId: 5, event: 5 }, '.type is not a string'],
    [{ ...good, messageId: 5, event: 5 }, '.messageId is not a string'],
    [{ ...good, event: 5, properties: 5 }, '.event is not a string'],
    [{ ...good, properties: [] }, '.properties is not an object'],
    [{ type: 'identify', messageId: 'm' }, '.traits is not an object'],
    [{ type: 'group', messageId: 'm', traits: 'none' }, '.traits is not an object'],
  ])('names the first fault of %o: %s', (fields, fault) => {
    expect(faultOf(validateEvent, fields)).toBe(fault)
  })
})
