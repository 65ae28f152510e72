import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { resolvePageArguments } from '../../src/events/page-arguments'

const callback = () => undefined
const other = () => undefined
const properties = { tall: true }
const options = { integrations: { All: false } }

type Resolve = (...args: unknown[]) => unknown[]
const resolve = resolvePageArguments as Resolve

describe('the arguments of page', () => {
  it.each<[string, unknown[], unknown[]]>([
    ['nothing', [], [null, null, {}, {}, undefined]],
    ['a name', ['Home'], [null, 'Home', {}, {}, undefined]],
    ['an empty name', [''], [null, '', {}, {}, undefined]],
    ['a name in second place', [null, 'Home'], [null, 'Home', {}, {}, undefined]],
    ['category and name', ['Docs', 'Home'], ['Docs', 'Home', {}, {}, undefined]],
    ['an empty category and a name', ['', 'Home'], ['', 'Home', {}, {}, undefined]],
    ['strings apart', ['Docs', null, 'Home'], ['Docs', null, {}, {}, undefined]],
    ['strings at the end', [null, null, 'Docs', 'Home'], [null, null, {}, {}, undefined]],
    ['a string too many', ['Docs', 'Home', 'Third'], [null, null, {}, {}, undefined]],
    ['properties', [properties], [null, null, properties, {}, undefined]],
    ['name and properties', ['Home', properties], [null, 'Home', properties, {}, undefined]],
    ['properties third', ['Docs', 'Home', properties], ['Docs', 'Home', properties, {}, undefined]],
    ['options fourth', ['Docs', 'Home', null, options], ['Docs', 'Home', {}, options, undefined]],
    ['an object fifth', ['a', 'b', null, null, properties], ['a', 'b', properties, {}, undefined]],
    ['properties and options', [properties, options], [null, null, properties, options, undefined]],
    ['name and both', ['Home', properties, options], [null, 'Home', properties, options, undefined]],
    ['both at the end', ['a', 'b', properties, options], ['a', 'b', properties, options, undefined]],
    ['an object too many', [properties, options, properties], [null, null, {}, {}, undefined]],
    ['a callback', [callback], [null, null, {}, {}, callback]],
    ['name and callback', ['Home', callback], [null, 'Home', {}, {}, callback]],
    ['two callbacks', ['Home', callback, other], [null, 'Home', {}, {}, callback]],
    ['all five', ['a', 'b', properties, options, callback], ['a', 'b', properties, options, callback]],
    ['lists and numbers', [[1], 7, [properties]], [null, null, {}, {}, undefined]],
  ])('may be %s', (_, args, expected) => {
    expect(resolve(...args)).toEqual(expected)
  })

  it('never mix up kinds, whatever they are', () => {
    const argument = fc.oneof(fc.string(), fc.constant(callback), fc.object(), fc.anything())
    fc.assert(
      fc.property(fc.array(argument, { maxLength: 5 }), (args) => {
        const [category, name, given, chosen, called] = resolve(...args)

        for (const text of [category, name]) expect(text === null || typeof text === 'string').toBe(true)
        for (const object of [given, chosen])
          expect(Object.prototype.toString.call(object)).toMatch(/object/i)
        expect(called).toBe(args.find((arg) => typeof arg === 'function'))
      }),
    )
  })
})
