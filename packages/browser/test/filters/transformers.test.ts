import { createHash, createHmac } from 'node:crypto'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { SegmentEvent } from '../../src'
import { readTransformer } from '../../src/filters/read-transformer'

afterEach(() => vi.restoreAllMocks())

const order = (): SegmentEvent => ({
  type: 'track',
  event: 'Order Completed',
  userId: 'u1',
  properties: {
    email: 'jane@example.com',
    total: 9.5,
    coupon: null,
    cart: { id: 'c1', owner: 'Jane' },
    products: [{ sku: 'a', owner: 'Jane' }, 5, [{ owner: 'Joe', price: 1 }]],
  },
  context: { ip: '127.0.0.1' },
})

function transformed(type: string, config: unknown, event = order(), random = () => 0.5) {
  return readTransformer({ type, config }, random)(event) ? event : undefined
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

describe('drop', () => {
  it('drops the event', () => {
    expect(transformed('drop', undefined)).toBeUndefined()
  })
})

describe('drop_properties', () => {
  it('takes keys away, of the event, of what stands at a path, and of everything in a list', () => {
    const drop = {
      '': ['context'],
      'properties.cart': ['owner', 'none'],
      'properties.products': ['owner'],
      x: ['y'],
    }
    const { properties, context } = transformed('drop_properties', { drop }) ?? {}

    expect(context).toBeUndefined()
    expect(properties?.cart).toEqual({ id: 'c1' })
    expect(properties?.products).toEqual([{ sku: 'a' }, 5, [{ price: 1 }]])
  })
})

describe('allow_properties', () => {
  it('takes all other keys away', () => {
    const allow = { properties: ['total', 'products', 'none'], 'properties.products': ['sku'] }
    const { properties, context } = transformed('allow_properties', { allow }) ?? {}

    expect(properties).toEqual({ total: 9.5, products: [{ sku: 'a' }, 5, [{}]] })
    expect(context).toEqual({ ip: '127.0.0.1' })
  })
})

describe('map_properties', () => {
  const mapped = (map: object) => transformed('map_properties', { map })

  it('copies, moves and sets values, and turns them into texts', () => {
    const event = mapped({
      'properties.mail': { move: 'properties.email' },
      'properties.user': { copy: 'userId' },
      'properties.kind': { set: ['a'] },
      'properties.total': { to_string: true },
      'properties.coupon': { to_string: true },
      'properties.amount': { copy: 'properties.total', to_string: true },
      'properties.cart': { to_string: true },
    })

    expect(event?.properties).toEqual({
      mail: 'jane@example.com',
      user: 'u1',
      kind: ['a'],
      total: '9.5',
      coupon: 'null',
      amount: '9.5',
      cart: { id: 'c1', owner: 'Jane' },
      products: order().properties?.products,
    })
  })

  it('reads the event as it came, in whatever order the paths are, so that values can change places', () => {
    const event = mapped({
      'properties.total': { move: 'properties.email' },
      'properties.email': { move: 'properties.total' },
      'properties.before': { copy: 'properties.total' },
    })

    expect(event?.properties).toMatchObject({ total: 'jane@example.com', email: 9.5, before: 9.5 })
  })

  it('makes nothing out of nothing', () => {
    const event = mapped({
      'properties.new': { copy: 'properties.none' },
      'properties.email': { move: 'properties.none' },
      'properties.none': { to_string: true },
      'properties.none.deep': { copy: 'properties.total' },
      'event.deep': { move: 'properties.total' },
    })

    expect(event).toEqual(order())
  })

  it('shares nothing between events', () => {
    const transform = readTransformer(
      { type: 'map_properties', config: { map: { set: { set: { a: 1 } } } } },
      () => 0,
    )
    const [one, other] = [order(), order()]
    transform(one)
    transform(other)
    Object.assign(Reflect.get(one, 'set'), { a: 2 })

    expect(Reflect.get(other, 'set')).toEqual({ a: 1 })
  })
})

describe('sample_event', () => {
  const passes = (sample: object, event?: SegmentEvent, random?: () => number) =>
    transformed('sample_event', { sample }, event, random) !== undefined

  it('lets a share go on, by chance', () => {
    expect(passes({ percent: 0.3 }, order(), () => 0.29)).toBe(true)
    expect(passes({ percent: 0.3 }, order(), () => 0.3)).toBe(false)
    expect([0, 1].map((percent) => passes({ percent }, order(), () => 0))).toEqual([false, true])
  })

  it('by a path lets that share of values go on, and each value always or never', () => {
    const users = Array.from({ length: 5_000 }, (_, i) => `user ${i}`)
    const kept = (percent: number, random: () => number) =>
      users.filter((userId) => passes({ percent, path: 'userId' }, { type: 'track', userId }, random))
    const tenth = kept(0.1, () => 0)

    expect(tenth.length).toBeGreaterThan(400)
    expect(tenth.length).toBeLessThan(600)
    expect(kept(0.1, () => 0.99)).toEqual(tenth)
    // Whoever is in the smaller share is in the larger.
    expect(kept(0.3, () => 0.5)).toEqual(expect.arrayContaining(tenth))
  })

  it.each([
    [0, 0],
    [1, 5_000],
  ])('by a path with a share of %d lets %d of 5000 go on', (percent, count) => {
    const events = Array.from({ length: 5_000 }, (_, i): SegmentEvent => ({ type: 'track', userId: `${i}` }))

    expect(events.filter((event) => passes({ percent, path: 'userId' }, event))).toHaveLength(count)
  })

  it('by a path where nothing stands is left to chance', () => {
    const nobody = (): SegmentEvent => ({ type: 'track', userId: null })

    expect(passes({ percent: 0.3, path: 'userId' }, nobody(), () => 0.2)).toBe(true)
    expect(passes({ percent: 0.3, path: 'userId' }, nobody(), () => 0.4)).toBe(false)
  })
})

describe('hash_properties', () => {
  const hashed = (config: object) => transformed('hash_properties', config)

  it('puts SHA-256 in the place of values, of everything in a list too', () => {
    const { properties } =
      hashed({
        hash: { properties: ['email', 'total', 'coupon', 'cart', 'none'], 'properties.products': ['owner'] },
      }) ?? {}

    expect(properties).toEqual({
      email: sha256('jane@example.com'),
      total: sha256('9.5'),
      coupon: null,
      cart: sha256('{"id":"c1","owner":"Jane"}'),
      products: [{ sku: 'a', owner: sha256('Jane') }, 5, [{ owner: sha256('Joe'), price: 1 }]],
    })
  })

  it('is told of properties by their paths, how to print, and by which key', () => {
    const hash = {
      algorithm: 'SHA-256',
      encoding: 'BASE64',
      key: 'secret',
      paths: ['properties.email', 'userId'],
    }
    const expected = (text: string) => createHmac('sha256', 'secret').update(text).digest('base64')

    expect(hashed(hash)).toMatchObject({
      userId: expected('u1'),
      properties: { email: expected('jane@example.com') },
    })
    expect(hashed({ ...hash, encoding: 'base64url', key: 'x'.repeat(99), paths: ['userId'] })?.userId).toBe(
      createHmac('sha256', 'x'.repeat(99)).update('u1').digest('base64url'),
    )
  })

  it('takes away what it should hash in a way it does not know, and says so', () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
    const { properties } = hashed({ algorithm: 'md5', hash: { properties: ['email'] } }) ?? {}

    expect(properties).not.toHaveProperty('email')
    expect(warn.mock.calls).toEqual([[expect.stringContaining('md5')]])
  })
})

describe('a transformer', () => {
  it.each([
    ['unknown', {}],
    ['drop_properties', undefined],
    ['drop_properties', { drop: { properties: 'email' } }],
    ['allow_properties', {}],
    ['map_properties', { map: [] }],
    ['map_properties', { map: { a: 5 } }],
    ['sample_event', {}],
    ['sample_event', { sample: { percent: 'many' } }],
  ])('that cannot be read is none: %s %j', (type, config) => {
    expect(() => readTransformer({ type, config }, () => 0)).toThrow(TypeError)
  })
})
