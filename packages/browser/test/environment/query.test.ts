import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseQuery } from '../../src/environment/query'

describe('the parameters of a query', () => {
  it.each<[unknown, Record<string, string>]>([
    ['?a=1&b=2', { a: '1', b: '2' }],
    ['a=1', { a: '1' }],
    ['?a=1&a=2', { a: '2' }],
    ['?a=b+c%20d', { a: 'b c d' }],
    ['?a=%2B', { a: '+' }],
    ['?id=YWJj==&b=x=y', { id: 'YWJj==', b: 'x=y' }],
    ['?a', { a: '' }],
    ['?a=', { a: '' }],
    ['?=1&&a=1&', { a: '1' }],
    ['?a=%E4+b', { a: '%E4+b' }],
    ['?a=100%', { a: '100%' }],
    ['?a%20b=1', { 'a%20b': '1' }],
    ['?a=one\ntwo', { a: 'one\ntwo' }],
    ['?', {}],
    ['', {}],
    [
      { a: 'b c', n: 1, list: ['x', 'y'] },
      { a: 'b c', n: '1', list: 'y' },
    ],
    [{ a: '100%+' }, { a: '100%+' }],
    [['a=1'], {}],
    [7, {}],
    [null, {}],
    [undefined, {}],
  ])('of %o are %o', (query, expected) => {
    expect(Object.fromEntries(parseQuery(query))).toEqual(expected)
  })

  it('come back as they were encoded', () => {
    const name = fc.string({ unit: fc.constantFrom(...'abz_'), minLength: 1 })
    const value = fc.string({ unit: 'binary', maxLength: 20 })
    fc.assert(
      fc.property(fc.dictionary(name, value, { maxKeys: 5 }), (parameters) => {
        const query = Object.entries(parameters).map(([key, text]) => `${key}=${encodeURIComponent(text)}`)

        expect([...parseQuery(`?${query.join('&')}`)]).toEqual(Object.entries(parameters))
      }),
    )
  })
})
