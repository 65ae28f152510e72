import { expect, it } from 'vitest'
import { exists, isFunction, isNumber, isPlainObject, isString } from '../src'

class Own {}

const guards = { exists, isString, isNumber, isFunction, isPlainObject }

it.each<[string, unknown, (keyof typeof guards)[]]>([
  ['undefined', undefined, []],
  ['null', null, []],
  ['empty text', '', ['exists', 'isString']],
  ['0', 0, ['exists', 'isNumber']],
  ['NaN', Number.NaN, ['exists', 'isNumber']],
  ['false', false, ['exists']],
  ['a function', () => {}, ['exists', 'isFunction']],
  ['a class', Own, ['exists', 'isFunction']],
  ['an object', {}, ['exists', 'isPlainObject']],
  ['an object without prototype', Object.create(null), ['exists', 'isPlainObject']],
  ['an instance of an own class', new Own(), ['exists', 'isPlainObject']],
  ['a list', [], ['exists']],
  ['a date', new Date(0), ['exists']],
  ['a map', new Map(), ['exists']],
  ['an error', new Error('x'), ['exists']],
  ['a text object', Object('text'), ['exists']],
])('sorts %s', (_, value, expected) => {
  const passed = Object.entries(guards).filter(([, guard]) => guard(value))

  expect(passed.map(([name]) => name)).toEqual(expected)
})
