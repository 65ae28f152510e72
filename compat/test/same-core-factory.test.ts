import { beforeAll, describe, expect, it, vi } from 'vitest'
import type { CoreLibrary, EventFactoryLike, Fields } from '../src/library'
import { coreSubjects } from '../src/subjects'

describe.each(coreSubjects)('the event factory of $name', (subject) => {
  let core: CoreLibrary
  let factory: EventFactoryLike
  beforeAll(async () => {
    core = await subject.load()
    class Factory extends core.CoreEventFactory {}
    factory = new Factory({ createMessageId: () => 'made' })
  })

  const rest = { timestamp: expect.any(Date), context: {}, integrations: {}, messageId: 'made' }

  it.each<{ title: string; make: () => Fields; becomes: Fields }>([
    {
      title: 'track(event)',
      make: () => factory.track('E'),
      becomes: { type: 'track', event: 'E', properties: {}, ...rest },
    },
    {
      title: 'track(event, properties, options)',
      make: () => factory.track('E', { a: 1 }, { userId: 'u', anonymousId: 'a' }),
      becomes: { type: 'track', event: 'E', properties: { a: 1 }, userId: 'u', anonymousId: 'a', ...rest },
    },
    {
      title: 'page(category, name, properties)',
      make: () => factory.page('C', 'N', { a: 1 }),
      becomes: { type: 'page', category: 'C', name: 'N', properties: { a: 1, category: 'C' }, ...rest },
    },
    {
      title: 'page(null, null)',
      make: () => factory.page(null, null),
      becomes: { type: 'page', properties: {}, ...rest },
    },
    {
      title: 'screen(category, name, properties)',
      make: () => factory.screen('C', 'N', { a: 1 }),
      becomes: { type: 'screen', category: 'C', name: 'N', properties: { a: 1 }, ...rest },
    },
    {
      title: 'identify(userId, traits)',
      make: () => factory.identify('u', { a: 1 }),
      becomes: { type: 'identify', userId: 'u', traits: { a: 1 }, ...rest },
    },
    {
      title: 'identify(userId)',
      make: () => factory.identify('u'),
      becomes: { type: 'identify', userId: 'u', traits: {}, ...rest },
    },
    {
      title: 'group(groupId, traits)',
      make: () => factory.group('g', { a: 1 }),
      becomes: { type: 'group', groupId: 'g', traits: { a: 1 }, ...rest },
    },
    {
      title: 'alias(to, from)',
      make: () => factory.alias('to', 'from'),
      becomes: { type: 'alias', userId: 'to', previousId: 'from', ...rest },
    },
    {
      title: 'alias(to, null)',
      make: () => factory.alias('to', null),
      becomes: { type: 'alias', userId: 'to', ...rest },
    },
    {
      title: 'option keys that are not known, into the context',
      make: () => factory.track('E', {}, { custom: 1, 'deep.path': 2, traits: { t: 1 } }),
      becomes: {
        type: 'track',
        event: 'E',
        properties: {},
        ...rest,
        context: { custom: 1, deep: { path: 2 }, traits: { t: 1 } },
      },
    },
    {
      title: 'options with undefined, dropped, and with null, kept',
      make: () => factory.track('E', {}, { userId: undefined, anonymousId: null, other: undefined }),
      becomes: { type: 'track', event: 'E', properties: {}, anonymousId: null, ...rest },
    },
    {
      title: 'base integrations as booleans and those of the options as they are',
      make: () =>
        factory.track(
          'E',
          {},
          { integrations: { B: { b: 1 }, C: false } },
          { A: { a: 1 }, B: false, D: true, E: {} },
        ),
      becomes: {
        type: 'track',
        event: 'E',
        properties: {},
        ...rest,
        integrations: { A: true, B: { b: 1 }, C: false, D: true, E: true },
      },
    },
    {
      title: 'timestamp and message id of the options',
      make: () => factory.track('E', {}, { timestamp: 'then', messageId: 'mine' }),
      becomes: { type: 'track', event: 'E', properties: {}, ...rest, timestamp: 'then', messageId: 'mine' },
    },
    {
      title: 'a made id for an empty message id',
      make: () => factory.track('E', {}, { messageId: '' }),
      becomes: { type: 'track', event: 'E', properties: {}, ...rest },
    },
    {
      title: 'ids of the options over those of the call',
      make: () => factory.identify('u', {}, { userId: 'other' }),
      becomes: { type: 'identify', userId: 'other', traits: {}, ...rest },
    },
  ])('makes $title', ({ make, becomes }) => {
    expect(make()).toEqual(becomes)
  })

  it('keeps the order of the keys', () => {
    const event = factory.track('E', {}, { userId: 'u', anonymousId: 'a' })

    expect(Object.keys(event)).toEqual([
      'timestamp',
      'integrations',
      'event',
      'type',
      'properties',
      'context',
      'userId',
      'anonymousId',
      'messageId',
    ])
  })

  it('tells of a call before it makes the event, and of the event before it is checked', () => {
    const told: string[] = []
    class Factory extends core.CoreEventFactory {}
    const telling = new Factory({
      createMessageId: () => 'made',
      onEventMethodCall: ({ type }) => told.push(`call ${type}`),
      onFinishedEvent: (event) => told.push(`event ${String(event.type)}`),
    })

    expect(() => telling.track(7)).toThrow('.event is not a string')
    telling.page(null, null)

    expect(told).toEqual(['call track', 'event track', 'call page', 'event page'])
  })

  it('hands the options as they are to onEventMethodCall', () => {
    const onEventMethodCall = vi.fn()
    class Factory extends core.CoreEventFactory {}
    const options = { userId: 'u' }

    new Factory({ createMessageId: () => 'made', onEventMethodCall }).track('E', {}, options)

    expect(onEventMethodCall).toHaveBeenCalledExactlyOnceWith({ type: 'track', options })
    expect(onEventMethodCall.mock.calls[0]?.[0].options).toBe(options)
  })

  it.each<{ title: string; make: () => Fields; complaint: string }>([
    { title: 'properties', make: () => factory.track('E', []), complaint: '.properties is not an object' },
    { title: 'traits', make: () => factory.identify('u', 'text'), complaint: '.traits is not an object' },
    {
      title: 'message id',
      make: () => factory.track('E', {}, { messageId: 7 }),
      complaint: '.messageId is not a string',
    },
  ])('refuses wrong $title', ({ make, complaint }) => {
    expect(make).toThrow(complaint)
  })
})
