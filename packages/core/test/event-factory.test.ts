import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type {
  CoreExtraContext,
  CoreOptions,
  CoreSegmentEvent,
  EventFactorySettings,
  IntegrationsOptions,
} from '../src'
import { assertUserIdentity, CoreEventFactory, ValidationError } from '../src'

class Factory extends CoreEventFactory {}

const now = new Date('2026-01-01T00:00:00.000Z')
const date = new Date('2025-06-01T12:00:00.000Z')

function createFactory(settings: Partial<EventFactorySettings> = {}) {
  let made = 0
  return new Factory({
    createMessageId: () => {
      made++
      return `id-${made}`
    },
    ...settings,
  })
}

beforeEach(() => void vi.useFakeTimers({ now }))
afterEach(() => void vi.useRealTimers())

const common = { timestamp: now, integrations: {}, context: {}, messageId: 'id-1' }

/** Each of the six methods, with as few and with as many arguments as it takes. */
type Call = [string, (factory: Factory) => CoreSegmentEvent, CoreSegmentEvent]

describe('each method builds its kind of event', () => {
  it.each<Call>([
    ['track', (f) => f.track('E'), { ...common, type: 'track', event: 'E', properties: {} }],
    [
      'track with properties',
      (f) => f.track('E', { price: 1 }),
      { ...common, type: 'track', event: 'E', properties: { price: 1 } },
    ],
    ['page', (f) => f.page(null, null), { ...common, type: 'page', properties: {} }],
    [
      'page with category and name',
      (f) => f.page('Docs', 'Start', { category: 'mine', url: '/' }),
      {
        ...common,
        type: 'page',
        category: 'Docs',
        name: 'Start',
        properties: { category: 'Docs', url: '/' },
      },
    ],
    [
      'page with empty texts',
      (f) => f.page('', ''),
      {
        ...common,
        type: 'page',
        category: '',
        name: '',
        properties: { category: '' },
      },
    ],
    ['screen', (f) => f.screen(null, null), { ...common, type: 'screen', properties: {} }],
    [
      'screen with category and name, which stay out of the properties',
      (f) => f.screen('Docs', 'Start', { url: '/' }),
      { ...common, type: 'screen', category: 'Docs', name: 'Start', properties: { url: '/' } },
    ],
    ['identify', (f) => f.identify('u'), { ...common, type: 'identify', userId: 'u', traits: {} }],
    [
      'identify with traits',
      (f) => f.identify('u', { plan: 'pro', email: null }),
      { ...common, type: 'identify', userId: 'u', traits: { plan: 'pro', email: null } },
    ],
    ['group', (f) => f.group('g'), { ...common, type: 'group', groupId: 'g', traits: {} }],
    [
      'group with traits',
      (f) => f.group('g', { employees: 7 }),
      { ...common, type: 'group', groupId: 'g', traits: { employees: 7 } },
    ],
    ['alias', (f) => f.alias('new', 'old'), { ...common, type: 'alias', userId: 'new', previousId: 'old' }],
    ['alias without the old id', (f) => f.alias('new', null), { ...common, type: 'alias', userId: 'new' }],
  ])('%s', (_, call, expected) => {
    expect(call(createFactory())).toStrictEqual(expected)
  })

  it('with no key that holds nothing, and without the options', () => {
    const nothing = undefined as unknown as string

    expect(Object.keys(createFactory().page(nothing, nothing))).toEqual([
      'timestamp',
      'integrations',
      'type',
      'properties',
      'context',
      'messageId',
    ])
  })

  it('with no category in properties that are no object', () => {
    const list = ['mine']

    expect(createFactory().page('Docs', null, list)).toMatchObject({ category: 'Docs', properties: ['mine'] })
    expect(list).toStrictEqual(['mine'])
    expect(Object.keys(createFactory().page('Docs', null, list).properties ?? {})).toEqual(['0'])
  })

  it('with {} for properties and traits that are null', () => {
    const none = null as unknown as undefined
    const factory = createFactory()

    expect(factory.track('E', none).properties).toEqual({})
    expect(factory.page(null, null, none).properties).toEqual({})
    expect(factory.identify('u', none).traits).toEqual({})
    expect(factory.group('g', none).traits).toEqual({})
  })
})

/** All methods with the same options and the same settings of the client. */
const withOptions: [
  string,
  (f: Factory, options?: CoreOptions, ofClient?: IntegrationsOptions) => CoreSegmentEvent,
][] = [
  ['track', (f, options, ofClient) => f.track('E', {}, options, ofClient)],
  ['page', (f, options, ofClient) => f.page('c', 'n', {}, options, ofClient)],
  ['screen', (f, options, ofClient) => f.screen('c', 'n', {}, options, ofClient)],
  ['identify', (f, options, ofClient) => f.identify('u', {}, options, ofClient)],
  ['group', (f, options, ofClient) => f.group('g', {}, options, ofClient)],
  ['alias', (f, options, ofClient) => f.alias('u', 'p', options, ofClient)],
]

describe.each(withOptions)('the options of %s', (type, call) => {
  it('put ids and time on the event, switches into integrations, and the rest into the context', () => {
    const event = call(
      createFactory(),
      {
        userId: 'other user',
        anonymousId: 'a',
        timestamp: date,
        messageId: 'mine',
        integrations: { All: false },
        context: { ip: '127.0.0.1' },
        traits: { plan: 'pro' },
        locale: 'de',
        'page.url': '/start',
      },
      { Amplitude: { key: 'secret' }, Mixpanel: false },
    )

    expect(event).toMatchObject({
      type,
      userId: 'other user',
      anonymousId: 'a',
      timestamp: date,
      messageId: 'mine',
    })
    expect(event.integrations).toEqual({ Amplitude: true, Mixpanel: false, All: false })
    expect(event.context).toEqual({
      ip: '127.0.0.1',
      traits: { plan: 'pro' },
      locale: 'de',
      page: { url: '/start' },
    })
    expect(event).not.toHaveProperty('options')
  })

  it('are shown as they are to whoever wants to know of the call, before the event is built', () => {
    const calls: unknown[] = []
    const factory = createFactory({
      createMessageId: () => {
        calls.push('built')
        return 'm'
      },
      onEventMethodCall: (heard) => calls.push(heard),
    })
    const options = { context: { ip: '127.0.0.1' } }
    call(factory, options)

    expect(calls).toEqual([{ type, options }, 'built'])
    expect((calls[0] as { options: unknown }).options).toBe(options)
  })

  it('are left as they were', () => {
    const options = {
      context: { page: { url: '/' } },
      integrations: { Amplitude: { key: 'k' } },
      traits: { plan: 'pro' },
      'page.url': '/other',
    }
    const before = structuredClone(options)
    const ofClient = { Mixpanel: {} }
    const event = call(createFactory(), options, ofClient)
    event.context = { ...event.context, ip: '127.0.0.1' }

    expect(options).toEqual(before)
    expect(ofClient).toEqual({ Mixpanel: {} })
    expect(event.context?.page).toEqual({ url: '/other' })
  })

  it('may be frozen at every depth', () => {
    const context = Object.freeze({ page: Object.freeze({ url: '/' }) })
    const options = Object.freeze({ context, 'page.title': 'Start' })

    expect(call(createFactory(), options).context).toEqual({ page: { url: '/', title: 'Start' } })
  })
})

describe('what the caller changes after the call', () => {
  it('does not change the event', () => {
    const factory = createFactory()
    const properties = { items: [{ price: 1 }] }
    const traits = { address: { city: 'Graz' } }
    const options = {
      traits: { plan: 'pro' },
      timestamp: new Date(date),
      context: { page: { url: '/' } },
      integrations: { A: { key: 'k' } },
    }
    const events = [
      factory.track('E', properties, options),
      factory.page(null, null, properties, options),
      factory.screen(null, null, properties, options),
      factory.identify('u', traits, options),
      factory.group('g', traits, options),
    ]
    const before = structuredClone(events)

    Object.assign(properties.items[0] ?? {}, { price: 2 })
    traits.address.city = 'Wien'
    options.timestamp.setTime(0)
    options.context.page.url = '/changed'
    options.traits.plan = 'changed'
    options.integrations.A.key = 'changed'

    expect(events).toEqual(before)
  })
})

describe('the context', () => {
  it.each<[string, CoreOptions, object]>([
    ['leaves out options that are undefined', { ip: undefined, traits: undefined } as object, {}],
    ['keeps options that are null', { ip: null }, { ip: null }],
    ['is made when it is null', { context: null as unknown as object, ip: '::1' }, { ip: '::1' }],
    [
      'opens objects at dots, and lists at numbers',
      { 'a.b.c': 1, 'list.0.x': 2 },
      { a: { b: { c: 1 } }, list: [{ x: 2 }] },
    ],
    [
      'lets an option win over what the context says',
      { context: { ip: 'old', locale: 'de' }, ip: 'new' },
      { ip: 'new', locale: 'de' },
    ],
  ])('%s', (_, options, expected) => {
    expect(createFactory().track('E', {}, options).context).toEqual(expected)
  })

  it.each([
    '__proto__.polluted',
    'constructor.prototype.polluted',
    'a.__proto__.polluted',
    'prototype.polluted',
  ])('cannot be used to reach other objects: %s', (path) => {
    const event = createFactory().track('E', {}, { [path]: true })

    expect({}).not.toHaveProperty('polluted')
    expect(JSON.stringify(event.context)).not.toContain('polluted')
  })

  it('holds a key named __proto__ of a parsed body as plain data', () => {
    const context: CoreExtraContext = JSON.parse('{"__proto__": {"polluted": true}}')
    const event = createFactory().track('E', JSON.parse('{"__proto__": {"polluted": true}}'), { context })

    expect({}).not.toHaveProperty('polluted')
    expect(Object.getPrototypeOf(event.context)).toBe(Object.prototype)
    expect(Object.getPrototypeOf(event.properties)).toBe(Object.prototype)
  })
})

describe('the integrations', () => {
  it('say of the client’s settings only whether they are on, and keep those of the call as they are', () => {
    const ofClient = {
      'Google Analytics': { trackingId: 't' },
      Amplitude: {},
      Mixpanel: false,
      Off: undefined,
    }
    const ofCall = { Amplitude: { session: 7 }, Mixpanel: true }
    const event = createFactory().track('E', {}, { integrations: ofCall }, ofClient)

    expect(event.integrations).toEqual({
      'Google Analytics': true,
      Amplitude: { session: 7 },
      Mixpanel: true,
      Off: false,
    })
  })

  it('of a parsed body switch nothing by way of the prototype', () => {
    const integrations: IntegrationsOptions = JSON.parse('{"__proto__": {"All": false}}')
    const event = createFactory().track('E', {}, { integrations })

    expect(event.integrations?.All).toBeUndefined()
  })
})

describe('time and id', () => {
  it.each<[string, unknown, unknown]>([
    ['undefined', undefined, now],
    ['a date', date, date],
    ['text', '2025-06-01', '2025-06-01'],
    ['null', null, null],
  ])('the timestamp may be %s', (_, timestamp, expected) => {
    expect(createFactory().track('E', {}, { timestamp: timestamp as Date }).timestamp).toEqual(expected)
  })

  it('are made anew for each event', () => {
    const factory = createFactory()
    const first = factory.track('E')
    vi.advanceTimersByTime(10)
    const second = factory.track('E')

    expect([first.messageId, second.messageId]).toEqual(['id-1', 'id-2'])
    expect([first.timestamp, second.timestamp]).toEqual([now, new Date(now.getTime() + 10)])
  })

  it('an empty message id is none', () => {
    expect(createFactory().track('E', {}, { messageId: '' }).messageId).toBe('id-1')
  })
})

describe('ids', () => {
  it('that are null are kept: they clear what the server knew', () => {
    const options = { userId: null, anonymousId: 'a' } as unknown as CoreOptions
    const event = createFactory().track('E', {}, options)

    expect(event).toMatchObject({ userId: null, anonymousId: 'a' })
  })

  it('given as options win over those given as arguments', () => {
    expect(createFactory().identify('argument', {}, { userId: 'option' }).userId).toBe('option')
  })

  it('may be missing from alias without costing the event anything else', () => {
    const options = {
      messageId: 'mine',
      timestamp: date,
      context: { ip: '::1' },
      integrations: { All: false },
    }
    const event = createFactory().alias(undefined, 'old', options)

    expect(event).toEqual({
      type: 'alias',
      userId: undefined,
      previousId: 'old',
      messageId: 'mine',
      timestamp: date,
      context: { ip: '::1' },
      integrations: { All: false },
    })
  })
})

describe('a built event', () => {
  it('is shown before it is validated, and may be changed or refused then', () => {
    const repaired = createFactory({
      onFinishedEvent: (event) => {
        event.event = 'Repaired'
      },
    })
    const strict = createFactory({ onFinishedEvent: assertUserIdentity })

    expect(repaired.track(7 as unknown as string).event).toBe('Repaired')
    expect(() => strict.track(7 as unknown as string)).toThrow(
      '.userId/anonymousId/previousId/groupId is nil',
    )
  })

  it.each<[string, (f: Factory) => void, string]>([
    ['a name that is no text', (f) => f.track(7 as unknown as string), '.event is not a string'],
    ['properties that are a list', (f) => f.track('E', []), '.properties is not an object'],
    [
      'properties that are text',
      (f) => f.track('E', 'no' as unknown as object),
      '.properties is not an object',
    ],
    ['traits that are a date', (f) => f.identify('u', new Date() as never), '.traits is not an object'],
    [
      'an id that is no text',
      (f) => f.track('E', {}, { messageId: 5 as unknown as string }),
      '.messageId is not a string',
    ],
  ])('is refused with %s', (_, call, message) => {
    const run = () => call(createFactory())

    expect(run).toThrow(ValidationError)
    expect(run).toThrow(message)
  })
})

it.each<[string, unknown]>([
  ['nothing', undefined],
  ['a text', 'text'],
  ['a list', [1]],
])('takes fields whose own JSON is %s, and leaves it at that', (_, json) => {
  const fields = { toJSON: () => json }
  const factory = createFactory()

  for (const event of [
    factory.track('E', fields),
    factory.identify('u', fields),
    factory.page(null, null, fields),
  ])
    expect(JSON.parse(JSON.stringify(event))[event.traits ? 'traits' : 'properties']).toEqual(json)
})

it('takes no field of Object.prototype for a choice of integrations', () => {
  Object.assign(Object.prototype, { foo: () => {} })
  try {
    const event = createFactory().track('a', {}, {}, { Amplitude: true })

    expect(JSON.stringify(event.integrations)).toBe('{"Amplitude":true}')
  } finally {
    Reflect.deleteProperty(Object.prototype, 'foo')
  }
})
