import { describe, expect, it } from 'vitest'
import { resolveUserArguments } from '../../src/events/user-arguments'

const callback = () => undefined
const other = () => undefined
const traits = { plan: 'pro' }
const options = { integrations: { All: false } }

type Resolve = (...args: unknown[]) => unknown[]
const resolve = resolveUserArguments({ id: () => 'current' }) as Resolve

describe('the arguments of identify and group', () => {
  it.each<[string, unknown[], unknown[]]>([
    ['nothing', [], ['current', {}, {}, undefined]],
    ['an id', ['u1'], ['u1', {}, {}, undefined]],
    ['a number as id', [0], ['0', {}, {}, undefined]],
    ['an empty id', [''], ['', {}, {}, undefined]],
    ['id and traits', ['u1', traits], ['u1', traits, {}, undefined]],
    ['id, traits and options', ['u1', traits, options], ['u1', traits, options, undefined]],
    ['all four', ['u1', traits, options, callback], ['u1', traits, options, callback]],
    ['id and callback', ['u1', callback], ['u1', {}, {}, callback]],
    ['id, traits and callback', ['u1', traits, callback], ['u1', traits, {}, callback]],
    ['id and options', ['u1', null, options], ['u1', {}, options, undefined]],
    ['traits', [traits], ['current', traits, {}, undefined]],
    ['traits and options', [traits, options], ['current', traits, options, undefined]],
    ['traits and callback', [traits, callback], ['current', traits, {}, callback]],
    ['null for the id', [null, traits, options], ['current', traits, options, undefined]],
    ['undefined for the id', [undefined, traits], ['current', traits, {}, undefined]],
    ['a callback', [callback], ['current', {}, {}, callback]],
    ['things after the callback', ['u1', callback, traits, other], ['u1', {}, {}, callback]],
    ['a text as traits', ['u1', 'text', options], ['u1', {}, options, undefined]],
    ['a list as traits', ['u1', [1], options], ['u1', {}, options, undefined]],
    ['a bigint as id', [123n, traits], ['123', traits, {}, undefined]],
    ['false for the id', [false, traits, options], ['current', traits, options, undefined]],
    ['options that are none', ['u1', traits, 7, callback], ['u1', traits, {}, callback]],
    ['an object too many', ['u1', traits, options, traits], ['u1', traits, options, undefined]],
  ])('may be %s', (_, args, expected) => {
    expect(resolve(...args)).toEqual(expected)
  })

  it.each([[true], [Symbol('id')], [['u1']], [new Date(0)], [new Map()], ['u'.repeat(1_001)]])(
    'are refused when the first can be neither id nor traits: %o',
    (odd) => {
      expect(() => resolve(odd, traits)).toThrow('id must be a string of up to 1,000 characters, or a number')
    },
  )

  it.each([[null], [undefined]])('without an id name nobody where the current id is %s', (id) => {
    expect(resolveUserArguments({ id: () => id })(traits)).toEqual([id, traits, {}, undefined])
  })

  it('leave storage alone when they name an id', () => {
    const user = {
      id(): string {
        throw new Error('read')
      },
    }

    expect(resolveUserArguments(user)('u1')[0]).toBe('u1')
  })
})
