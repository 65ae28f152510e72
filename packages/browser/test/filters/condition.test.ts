import { describe, expect, it } from 'vitest'
import { readCondition } from '../../src/filters/condition'

const order = {
  type: 'track',
  event: 'Order Completed',
  timestamp: new Date(0),
  properties: {
    total: 9.5,
    coupon: null,
    isGift: true,
    code: 'SUMMER-26',
    cart: { id: 'c1' },
    tags: ['new', 'sale'],
    products: [{ sku: 'a' }],
  },
}
const literal = (value: unknown) => ({ value })

describe('a condition', () => {
  it.each<[ir: unknown, holds: boolean]>([
    [['=', 'event', literal('Order Completed')], true],
    [['=', literal('Order Completed'), 'event'], true],
    [['=', 'event', literal('order completed')], false],
    [['=', ['lowercase', 'event'], literal('order completed')], true],
    [['=', 'properties.total', literal('9.5')], false],
    [['=', 'properties.coupon', literal(null)], true],
    [['=', 'properties.nothing', literal(null)], false],
    [['=', 'properties.cart', literal({ id: 'c1' })], true],
    [['=', 'properties.products.0.sku', literal('a')], true],
    [['!=', 'properties.nothing', literal(1)], true],
    [['>', 'properties.total', literal(9)], true],
    [['>=', 'properties.total', literal(9.5)], true],
    [['<', 'properties.total', literal(9.5)], false],
    [['<=', 'properties.total', literal(9.5)], true],
    [['>', 'properties.code', literal('A')], false],
    [['in', 'type', [literal('page'), literal('track')]], true],
    [['in', 'type', []], false],
    [['contains', 'properties.code', literal('MER')], true],
    [['contains', 'properties.tags', literal('sale')], false],
    [['match', 'properties.code', literal('SUMMER-??')], true],
    [['match', 'properties.code', literal('*-[0-9]6')], true],
    [['match', 'properties.code', literal('summer*')], false],
    [['match', 'properties.total', literal('*')], false],
    [['=', ['typeof', 'properties.total'], literal('number')], true],
    [['=', ['typeof', 'properties.nothing'], literal('undefined')], true],
    [['=', ['length', 'properties.tags'], literal(2)], true],
    [['=', ['length', 'properties.code'], literal(9)], true],
    ['properties.isGift', true],
    ['properties.total', false],
    [['!', 'properties.isGift'], false],
    [['and', 'properties.isGift', ['=', 'type', literal('track')]], true],
    [['and'], true],
    [['or', 'properties.nothing', 'properties.isGift'], true],
    [['or'], false],
  ])('%j is %s', (ir, holds) => {
    expect(readCondition(ir)(order)).toBe(holds)
  })

  // The peer of `compat` answers no to all of these.
  it.each<[ir: unknown]>([
    [['contains', ['lowercase', 'properties.code'], literal('summer')]],
    [['match', ['lowercase', 'event'], literal('order*')]],
    [['in', ['lowercase', 'type'], [literal('track')]]],
    [['in', 'type', literal(['page', 'track'])]],
    [['in', literal('sale'), 'properties.tags']],
    [['=', ['lowercase', ['lowercase', 'type']], literal('track')]],
    [['=', ['>', 'properties.total', literal(5)], literal(true)]],
    [['=', 'timestamp', literal('1970-01-01T00:00:00.000Z')]],
  ])('puts its parts together freely: %j', (ir) => {
    expect(readCondition(ir)(order)).toBe(true)
  })

  it('knows nothing of what values have by nature', () => {
    expect(readCondition(['=', 'properties.code.length', literal(9)])(order)).toBe(false)
    expect(readCondition(['=', 'properties.constructor.name', literal('Object')])(order)).toBe(false)
  })

  it.each([
    [null],
    [5],
    [[]],
    [['is', 'event']],
    [['and', ['is', 'event']]],
    [['or', 'properties.isGift', ['is', 'event']]],
    [['=', 'event']],
    [['=', 'event', 5]],
    [['lowercase']],
    [{}],
  ])('that cannot be read is no condition: %j', (ir) => {
    expect(() => readCondition(ir)).toThrow(TypeError)
  })
})

describe('a pattern', () => {
  const matches = (text: string, pattern: string) =>
    readCondition(['match', literal(text), literal(pattern)])({})

  it.each([
    ['a*b', 'a\\*b'],
    ['a\\b', 'a\\\\b'],
    ['line 1\nline 2', 'line*2'],
    ['b', '[a-c]'],
    ['d', '[^a-c]'],
    [']', '[\\]]'],
    ['', '*'],
    ['aXbXc', '*X*c'],
  ])('matches %j: %j', (text, pattern) => {
    expect(matches(text, pattern)).toBe(true)
  })

  it.each([
    ['a', '[a'],
    ['a', 'a\\'],
    ['a', '[]'],
    ['-', '[a-]'],
    ['a', '[-a]'],
    ['ab', 'a'],
    ['b', '[c-a]'],
  ])('does not match %j: %j', (text, pattern) => {
    expect(matches(text, pattern)).toBe(false)
  })

  it('takes no longer for what was made to take long', () => {
    expect(matches('a'.repeat(2_000), `${'*a'.repeat(30)}*b`)).toBe(false)
  })
})
