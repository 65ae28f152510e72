import { describe, expect, it } from 'vitest'
import {
  createBufferedPageContext,
  isBufferedPageContext,
  splitPageContext,
} from '../../src/page/buffered-page-context'

const page = createBufferedPageContext('https://shop.test/a?q', undefined, '?q', '/a', 'Title', 'Referrer')

describe('the page of a call', () => {
  it('is written with the keys that snippets write', () => {
    expect(page).toEqual({
      __t: 'bpc',
      c: undefined,
      p: '/a',
      u: 'https://shop.test/a?q',
      s: '?q',
      t: 'Title',
      r: 'Referrer',
    })
  })

  it.each<[unknown, boolean]>([
    [page, true],
    [{ __t: 'bpc' }, true],
    [{ __t: 'bpc', u: 'x' }, true],
    [{ __t: 'bpc', z: 1 }, false],
    [{ __t: 'bpc', title: 1 }, false],
    [{ __t: 'other' }, false],
    [{ u: 'x' }, false],
    [{}, false],
    [['bpc'], false],
    ['bpc', false],
    [null, false],
    [undefined, false],
  ])('%o is one: %s', (value, expected) => {
    expect(isBufferedPageContext(value)).toBe(expected)
  })

  it('is parted from the arguments it stands behind', () => {
    expect(splitPageContext(['Bought', { a: 1 }, page])).toEqual([['Bought', { a: 1 }], page])
  })

  it.each([[[]], [['Bought']], [['Bought', { a: 1 }]], [[page, 'Bought']]])('is not among %o', (args) => {
    expect(splitPageContext<unknown>(args)).toEqual([args, undefined])
  })

  it('leaves the list of arguments as it was', () => {
    const args = Object.freeze(['Bought', page])

    splitPageContext(args)[0].push('x')

    expect(args).toHaveLength(2)
  })
})
