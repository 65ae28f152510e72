import * as fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { copyData } from '../src/events/copy-data'

/** Every plain object and list inside a value, itself included. */
function containersOf(value: unknown, found = new Set<object>()): Set<object> {
  if (typeof value !== 'object' || value === null || found.has(value)) return found
  found.add(value)
  for (const inner of Object.values(value)) containersOf(inner, found)
  return found
}

const json = fc.jsonValue({ depthSize: 'medium' })

const anything = fc.anything({
  withDate: true,
  withNullPrototype: true,
  withBigInt: true,
  withSparseArray: true,
  key: fc.oneof(fc.string(), fc.constantFrom('toString', 'constructor', '__proto__', 'length')),
})

describe('a copy', () => {
  it('equals its source and shares no object with it', () => {
    fc.assert(
      fc.property(anything, (value) => {
        const copy = copyData(value)
        const sources = containersOf(value)

        expect(copy).toEqual(value)
        expect([...containersOf(copy)].filter((object) => sources.has(object))).toEqual([])
      }),
    )
  })

  it('reads the same as JSON, keys in the same order', () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(JSON.stringify(copyData(value))).toBe(JSON.stringify(value))
      }),
    )
  })

  it('does not follow later changes of its source, at any depth', () => {
    const source = { list: [{ price: 1 }], at: new Date(0), deep: { er: { still: true } } }
    const copy = copyData(source)
    Object.assign(source.list[0] ?? {}, { price: 2 })
    source.list.push({ price: 3 })
    source.at.setTime(1)
    source.deep.er.still = false

    expect(copy).toEqual({ list: [{ price: 1 }], at: new Date(0), deep: { er: { still: true } } })
  })

  it('can be changed though its source is frozen', () => {
    const copy = copyData(Object.freeze({ inner: Object.freeze({ a: 1 }) })) as { inner: { a: number } }
    copy.inner.a = 2

    expect(copy).toEqual({ inner: { a: 2 } })
  })

  it('holds an object twice that its source holds in two places', () => {
    const shared = { a: 1 }
    const copy = copyData({ one: shared, two: shared, list: [shared, shared] })

    expect(copy).toEqual({ one: { a: 1 }, two: { a: 1 }, list: [{ a: 1 }, { a: 1 }] })
    expect(copy.one).not.toBe(copy.two)
  })

  it('takes an instance of an application’s class for data', () => {
    class Address {
      readonly city: string
      readonly tags = ['home']
      constructor(city: string) {
        this.city = city
      }
      label() {
        return this.city
      }
    }
    const address = new Address('Graz')
    const copy: object = copyData(address)

    expect(Object.getPrototypeOf(copy)).toBe(Object.prototype)
    expect(copy).toEqual({ city: 'Graz', tags: ['home'] })
    expect(copy).not.toHaveProperty('label')
    expect((copy as Address).tags).not.toBe(address.tags)
  })

  it('holds a key named __proto__ as plain data, and leaves all other objects as they are', () => {
    const source: unknown = JSON.parse('{"__proto__": {"polluted": [1]}, "list": [{"__proto__": {"a": 1}}]}')

    expect(JSON.stringify(copyData(source))).toBe(
      '{"__proto__":{"polluted":[1]},"list":[{"__proto__":{"a":1}}]}',
    )
    expect({}).not.toHaveProperty('polluted')
  })
})

describe('what knows its own JSON', () => {
  class Cart {
    readonly id = 'c1'
    readonly items = [{ price: 1 }]
    readonly secret = 'mine'
    toJSON(): unknown {
      return { id: this.id, items: this.items }
    }
  }
  class Money {
    toJSON() {
      return 'EUR 1'
    }
  }

  it('is copied as that', () => {
    const cart = new Cart()
    const copy: { cart: object } = copyData({ cart })
    Object.assign(copy.cart, { id: 'c2', items: [] })

    expect(copyData<unknown>({ cart })).toEqual({ cart: { id: 'c1', items: [{ price: 1 }] } })
    expect(copyData(cart).items).not.toBe(cart.items)
    expect(copyData<unknown>([new Money()])).toEqual(['EUR 1'])
    expect(copyData<unknown>({ toJSON: () => [new Cart()] })).toEqual([copyData(cart)])
  })

  it('reads the same as before', () => {
    const source = { cart: new Cart(), money: [new Money()], at: { toJSON: () => undefined }, toJSON: 5 }

    expect(JSON.stringify(copyData(source))).toBe(JSON.stringify(source))
  })

  it('is asked no further than once', () => {
    const itself = {
      id: 1,
      toJSON() {
        return this
      },
    }
    const another = {
      id: 1,
      toJSON() {
        return { ...this, id: this.id + 1 }
      },
    }

    expect(copyData(itself)).toEqual(itself)
    expect(copyData(itself)).not.toBe(itself)
    expect(copyData(another).id).toBe(2)
  })
})

describe('what is no plain data', () => {
  it.each<[string, unknown]>([
    ['a map', new Map([[1, { a: 1 }]])],
    ['a set', new Set([{ a: 1 }])],
    ['bytes', new Uint8Array([1, 2])],
    ['a URL', new URL('http://localhost/')],
    ['an error', new Error('mine')],
    ['a function', () => 1],
    ['a symbol', Symbol('mine')],
    ['a promise', Promise.resolve()],
  ])('is taken over as it is: %s', (_, value) => {
    expect(copyData(value)).toBe(value)
    expect(copyData({ value })).toEqual({ value })
    expect(copyData([value])[0]).toBe(value)
  })
})

describe('what is in itself', () => {
  it('is copied, and so is the way back', () => {
    const source: Record<string, unknown> = { name: 'self', inner: { list: [] as unknown[] } }
    source.itself = source
    source.list = [source, { source }]
    const copy = copyData(source)
    copy.name = 'other'

    expect(source.name).toBe('self')
    expect(copy.itself).toBe(copy)
    expect(copy.list).toEqual([copy, { source: copy }])
    expect(copy.inner).toEqual(source.inner)
    expect(copy.inner).not.toBe(source.inner)
  })

  it('is copied if it is a list', () => {
    const source: unknown[] = [1]
    source.push(source)
    const copy = copyData(source)

    expect(copy).not.toBe(source)
    expect(copy[1]).toBe(copy)
  })
})

describe('what throws when it is read', () => {
  const throwing = {
    get price(): number {
      throw new Error('mine')
    },
  }
  const refusing = {
    toJSON() {
      throw new Error('mine')
    },
  }

  it.each<[string, object]>([
    ['a getter', throwing],
    ['its JSON', refusing],
  ])('is left as it is, for the encoder to report, and what is beside it is copied: %s', (_, value) => {
    const source = { items: [value], beside: { a: 1 } }
    const copy = copyData(source)
    copy.beside.a = 2

    expect(copyData(value)).toBe(value)
    expect(copy.items[0]).toBe(value)
    expect(source.beside.a).toBe(1)
  })

  it('does not make a copy fail of what is deeper than there is stack', () => {
    let bottomless: unknown[] = []
    for (let depth = 0; depth < 50_000; depth++) bottomless = [bottomless]

    expect(copyData(bottomless)).toEqual([expect.any(Array)])
  })
})

describe('given fields that other code has put on Object.prototype', () => {
  afterEach(() => void Reflect.deleteProperty(Object.prototype, 'foo'))

  it.each<[string, unknown]>([
    ['an object', {}],
    ['a function', () => {}],
    ['a text', 'bar'],
  ])('copies own fields only (%s)', (_, foo) => {
    Object.assign(Object.prototype, { foo })
    const copy = copyData({ a: { b: [{ c: 1 }] } })

    expect(JSON.stringify(copy)).toBe('{"a":{"b":[{"c":1}]}}')
    expect(Object.hasOwn(copy.a, 'foo')).toBe(false)
  })
})

it('hands toJSON the key, as JSON.stringify does', () => {
  const keyed = { toJSON: (key: string) => `${key}!` }
  const source = { price: keyed, list: [keyed] }

  expect(copyData<unknown>(source)).toEqual({ price: 'price!', list: ['0!'] })
  expect(JSON.stringify(source)).toBe('{"price":"price!","list":["0!"]}')
})

describe('what has more parts than any event may have', () => {
  const endless = (): object => ({
    get a() {
      return endless()
    },
    get b() {
      return endless()
    },
  })
  const shared = () => {
    let value: object = {}
    for (let depth = 0; depth < 24; depth++) value = { a: value, b: value }
    return value
  }

  it.each<[string, () => object]>([
    ['getters that make new objects for ever', endless],
    ['one object in many places', shared],
  ])('is not copied, and says so when it is encoded: %s', (_, make) => {
    const copy = copyData({ deep: make() })

    expect(() => JSON.stringify(copy)).toThrow('it has more than 100000 parts')
    expect(copyData({ a: [{ b: 1 }] })).toEqual({ a: [{ b: 1 }] })
  })

  it.each<[string, object]>([
    [
      'a list indexed by ids',
      (() => {
        const list: unknown[] = []
        list[4_000_000_000] = 1
        return list
      })(),
    ],
    [
      'a list that says it is endless',
      new Proxy([], { get: (_, key) => (key === 'length' ? 2 ** 32 : undefined) }),
    ],
    ['the bytes of a file', new Uint8Array(20_000_000)],
  ])('nor are lists and bytes: %s', (_, value) => {
    const copy = copyData({ value })

    expect(() => JSON.stringify(copy)).toThrow('it has more than 100000 parts')
  })

  it('counts anew for a call that is made within a getter', () => {
    const source = {
      get a() {
        return copyData({ inner: endless() })
      },
      b: { c: 1 },
    }

    expect(copyData(source).b).toEqual({ c: 1 })
  })
})
