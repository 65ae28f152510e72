import { describe, expect, it } from 'vitest'
import { resolveAliasArguments } from '../../src/events/alias-arguments'

const callback = () => undefined
const other = () => undefined
const options = { integrations: { All: false } }

type Resolve = (...args: unknown[]) => unknown[]
const resolve = resolveAliasArguments as Resolve

describe('the arguments of alias', () => {
  it.each<[string, unknown[], unknown[]]>([
    ['nothing', [], [undefined, null, {}, undefined]],
    ['null', [null], [null, null, {}, undefined]],
    ['the new id', ['new'], ['new', null, {}, undefined]],
    ['both ids', ['new', 'old'], ['new', 'old', {}, undefined]],
    ['numbers as ids', [0, 7], ['0', '7', {}, undefined]],
    ['bigints as ids', [1n, 7n], ['1', '7', {}, undefined]],
    ['new id and options', ['new', options], ['new', null, options, undefined]],
    ['new id and callback', ['new', callback], ['new', null, {}, callback]],
    ['both ids and options', ['new', 'old', options], ['new', 'old', options, undefined]],
    ['both ids and callback', ['new', 'old', callback], ['new', 'old', {}, callback]],
    ['all four', ['new', 'old', options, callback], ['new', 'old', options, callback]],
    ['no old id', ['new', null, options, callback], ['new', null, options, callback]],
    ['two callbacks', ['new', callback, other], ['new', null, {}, callback]],
    ['ids late', [null, 'new', 'old'], ['new', 'old', {}, undefined]],
    ['a number late, which is no id', ['new', null, 7], ['new', null, {}, undefined]],
    ['two objects', ['new', options, {}], ['new', null, options, undefined]],
  ])('may be %s', (_, args, expected) => {
    expect(resolve(...args)).toEqual(expected)
  })
})
