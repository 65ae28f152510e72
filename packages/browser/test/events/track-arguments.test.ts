import { describe, expect, it } from 'vitest'
import { resolveArguments } from '../../src/events/track-arguments'

const callback = () => undefined
const other = () => undefined
const plan = { plan: 'pro' }
const options = { integrations: { All: false } }

class Basket {
  items = 2
}

type Resolve = (...args: unknown[]) => unknown[]
const resolve = resolveArguments as Resolve

describe('the arguments of track', () => {
  it.each<[string, unknown[], unknown[]]>([
    ['a name', ['Bought'], ['Bought', {}, {}, undefined]],
    ['a callback second', ['Bought', callback], ['Bought', {}, {}, callback]],
    ['properties', ['Bought', plan], ['Bought', plan, {}, undefined]],
    ['a callback third', ['Bought', plan, callback], ['Bought', plan, {}, callback]],
    ['options', ['Bought', plan, options], ['Bought', plan, options, undefined]],
    ['all four', ['Bought', plan, options, callback], ['Bought', plan, options, callback]],
    ['no properties', ['Bought', null, options], ['Bought', {}, options, undefined]],
    ['no options', ['Bought', plan, null], ['Bought', plan, {}, undefined]],
    ['a list as properties', ['Bought', [1], options], ['Bought', {}, options, undefined]],
    ['a text as options', ['Bought', plan, 'x'], ['Bought', plan, {}, undefined]],
    ['a list as options', ['Bought', plan, [1], callback], ['Bought', plan, {}, callback]],
    ['a text as properties', ['Bought', 'x', options], ['Bought', {}, options, undefined]],
    ['an instance of a class', ['Bought', new Basket()], ['Bought', new Basket(), {}, undefined]],
    ['two functions', ['Bought', callback, options, other], ['Bought', {}, options, callback]],
  ])('may be %s', (_, args, expected) => {
    expect(resolve(...args)).toEqual(expected)
  })

  it.each<[string, unknown[], unknown[]]>([
    ['alone', [{ event: 'Bought' }], ['Bought', {}, {}, undefined]],
    ['with properties', [{ event: 'Bought', properties: plan }], ['Bought', plan, {}, undefined]],
    ['with null as properties', [{ event: 'Bought', properties: null }], ['Bought', {}, {}, undefined]],
    ['and options second', [{ event: 'Bought' }, options], ['Bought', {}, options, undefined]],
    ['and a callback second', [{ event: 'Bought' }, callback], ['Bought', {}, {}, callback]],
    ['and options twice', [{ event: 'Bought' }, options, plan], ['Bought', {}, options, undefined]],
    ['and options third only', [{ event: 'Bought' }, undefined, plan], ['Bought', {}, {}, undefined]],
    ['a callback and options', [{ event: 'Bought' }, callback, plan], ['Bought', {}, plan, callback]],
    [
      'and a callback last',
      [{ event: 'Bought' }, options, null, callback],
      ['Bought', {}, options, callback],
    ],
  ])('may be the event as one object %s', (_, args, expected) => {
    expect(resolve(...args)).toEqual(expected)
  })

  it.each([
    [undefined],
    [null],
    [''],
    [7],
    [true],
    [['Bought']],
    [callback],
    [{}],
    [{ event: '' }],
    [{ event: 7 }],
  ])('need a name: %o is none', (name) => {
    expect(() => resolve(name, plan)).toThrow(new Error('Event missing'))
  })

  it('hands on the objects it was given', () => {
    const [, properties, chosen] = resolveArguments('Bought', plan, options)

    expect(properties).toBe(plan)
    expect(chosen).toBe(options)
  })
})
