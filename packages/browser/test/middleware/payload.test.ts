import { Alias, Group, Identify, Page, Screen, Track } from '@segment/facade'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { SegmentEvent } from '../../src'
import { createPayload } from '../../src/middleware/payload'
import type { MiddlewarePayload } from '../../src/middleware/types'

const facades = { track: Track, identify: Identify, page: Page, screen: Screen, group: Group, alias: Alias }

/** What of an event both are asked for. */
type Asked = { [type in SegmentEvent['type']]: (keyof MiddlewarePayload)[] }

const ofAll = ['type', 'userId', 'anonymousId', 'groupId', 'traits', 'integrations', 'timestamp'] as const
const asked: Asked = {
  track: [
    ...ofAll,
    ...([
      'event',
      'properties',
      'category',
      'name',
      'email',
      'revenue',
      'currency',
      'total',
      'value',
    ] as const),
    'products',
  ],
  identify: [...ofAll, 'email', 'name', 'firstName', 'lastName'],
  page: [...ofAll, 'event', 'name', 'category', 'properties', 'email', 'url', 'path', 'title', 'referrer'],
  screen: [...ofAll, 'event', 'name', 'category', 'properties', 'email'],
  group: [...ofAll, 'name', 'email', 'properties'],
  alias: [...ofAll, 'previousId'],
}

function answers(subject: object, names: readonly string[]) {
  return Object.fromEntries(names.map((name) => [name, Reflect.get(subject, name).call(subject)]))
}

const ids = fc.constantFrom('u1', 'jane@example.com', 'a@b', undefined)
const words = fc.constantFrom(
  'Jane',
  ' Jane  van Doe ',
  '',
  'jane@example.com',
  '$9.50',
  '12',
  'x',
  5,
  0,
  null,
)
// No two that are the same to the facade: it takes the first.
const nameKeys = ['Email', 'name', 'first_name', 'lastName', 'phone', 'id']
const propertyKeys = [
  'email',
  'total',
  'Revenue',
  'currency',
  'value',
  'name',
  'category',
  'url',
  'title',
  'path',
]
const dictionary = (keys: string[]) =>
  fc
    .dictionary(fc.constantFrom(...keys), words, { maxKeys: 5 })
    // An address is a text: the facade answers whatever stands there.
    .filter(({ email = '', Email = '' }) => typeof email === 'string' && typeof Email === 'string')

const events: fc.Arbitrary<SegmentEvent> = fc
  .record(
    {
      type: fc.constantFrom(...(Object.keys(facades) as SegmentEvent['type'][])),
      event: fc.constantFrom('Order Completed', 'order_completed', 'Completed Order', 'Reorder Completed'),
      userId: ids,
      anonymousId: ids,
      groupId: ids,
      previousId: ids,
      name: fc.constantFrom('Home', undefined),
      category: fc.constantFrom('Docs', undefined),
      traits: dictionary(nameKeys),
      properties: fc.oneof(
        dictionary(propertyKeys),
        fc.record({ products: fc.constantFrom([{ sku: 'a' }, null], 'none', []) }),
      ),
      context: fc.record({ traits: dictionary(nameKeys), groupId: fc.constant('g') }, { requiredKeys: [] }),
      integrations: fc.constantFrom({}, { All: false, Web: { key: 'k' } }),
      timestamp: fc.constantFrom(new Date(5), '2026-01-01T00:00:00.000Z'),
    },
    { requiredKeys: ['type', 'event', 'timestamp', 'integrations', 'context'] },
  )
  // Events of these types have traits, and those alone.
  .map(({ properties, ...event }) =>
    event.type === 'identify' || event.type === 'group' ? { traits: {}, ...event } : { ...event, properties },
  )

describe('the payload of a middleware', () => {
  it('answers what the facade of older libraries answers', () => {
    fc.assert(
      fc.property(events, (event) => {
        const names = asked[event.type]
        const facade = new facades[event.type](event as ConstructorParameters<typeof Track>[0], {
          traverse: false,
        })

        expect(answers(createPayload(event), names)).toEqual(answers(facade, names))
      }),
      { numRuns: 2_000 },
    )
  })

  it('finds properties and traits where the facade does, whatever the type of the event is', () => {
    const paths = ['properties', 'traits'].flatMap((root) =>
      [...nameKeys, ...propertyKeys].map((key) => `${root}.${key}`),
    )
    fc.assert(
      fc.property(events, (event) => {
        const facade = new facades[event.type](event as ConstructorParameters<typeof Track>[0], {
          traverse: false,
        })
        const payload = createPayload(event)

        expect(paths.map((path) => payload.proxy(path))).toEqual(paths.map((path) => facade.proxy(path)))
      }),
      { numRuns: 2_000 },
    )
  })

  it('finds values as the facade does, however their keys are written', () => {
    const event = {
      type: 'track',
      event: 'E',
      properties: {
        Product_ID: 'p',
        'unit price': { 'Per-Item': 4 },
        products: [{ sku: 's' }],
        none: null,
        text: 'abc',
      },
    } as const
    const facade = new Track(event, { traverse: false })
    const paths = [
      ...['event', 'properties.productId', 'properties.UnitPrice.perItem', 'properties.products.0.sku'],
      ...['properties.nothing', 'properties.nothing.below', 'properties.none', 'properties.text.length', ''],
    ]

    const payload = createPayload(event)
    expect(paths.map((path) => payload.proxy(path))).toEqual([
      ...['E', 'p', 4, 's'],
      ...[undefined, undefined, null, undefined, undefined],
    ])
    expect(paths.slice(0, 5).map((path) => facade.proxy(path))).toEqual(
      paths.slice(0, 5).map((path) => payload.field(path)),
    )
  })

  it('prefers a key that is written just so', () => {
    const payload = createPayload({ type: 'track', properties: { productId: 1, product_id: 2 } })

    expect([payload.proxy('properties.product_id'), payload.proxy('properties.productId')]).toEqual([2, 1])
  })

  it('finds nothing that objects have by nature', () => {
    expect(createPayload({ type: 'track', properties: {} }).proxy('properties.constructor')).toBeUndefined()
  })

  it('answers copies, so that only changes of `obj` count', () => {
    const event: SegmentEvent = {
      type: 'track',
      properties: { cart: { total: 1 } },
      context: { traits: { plan: 'pro' } },
      integrations: { Web: { key: 'k' } },
      timestamp: new Date(0),
    }
    const before = structuredClone(event)
    const payload = createPayload(event)
    payload.properties().cart.total = 2
    Object.assign(payload.proxy('properties.cart') as object, { total: 2 })
    payload.context().traits = {}
    Object.assign(payload.json(), { event: 'changed' })
    Object.assign(payload.integrations(), { Web: false })
    payload.traits().plan = 'free'
    payload.timestamp().setFullYear(2000)

    expect(event).toEqual(before)
    expect(payload.obj).toBe(event)
  })

  it('speaks of the event that was put in the place of the first', () => {
    const payload = createPayload({ type: 'track', event: 'A' })
    payload.obj = { type: 'identify', userId: 'u' }

    expect([payload.type(), payload.event(), payload.userId()]).toEqual(['identify', undefined, 'u'])
  })

  it('has a name for the events of all types, of whom or what they tell', () => {
    const named = (event: SegmentEvent) => createPayload(event).name()

    expect(named({ type: 'track', event: 'E', properties: { name: 'Shirt' } })).toBe('Shirt')
    expect(named({ type: 'page', name: 'Home' })).toBe('Home')
    expect(named({ type: 'identify', traits: { firstName: 'Jane', last_name: 'Doe' } })).toBe('Jane Doe')
    expect(named({ type: 'group', traits: { name: 'Acme' } })).toBe('Acme')
  })
})
