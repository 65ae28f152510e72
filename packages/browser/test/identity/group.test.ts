import { beforeEach, describe, expect, it } from 'vitest'
import { Group } from '../../src/identity/group'
import { User } from '../../src/identity/user'
import { freshPage, setCookie, watchStorage } from '../storage/browser-storage'
import { startPage, stored } from './start-page'

beforeEach(() => freshPage())

const startGroup = () => new Group({}, undefined, startPage().ports)

describe('a group', () => {
  it('is kept as today', () => {
    startGroup().identify('g1', { plan: 'team' })

    expect(stored()).toEqual({
      local: { ajs_group_id: '"g1"', ajs_group_properties: '{"plan":"team"}' },
      cookies: { ajs_group_id: 'g1' },
    })
    expect([startGroup().id(), startGroup().traits()]).toEqual(['g1', { plan: 'team' }])
  })

  it('is a group and no user, after load too', () => {
    const group = startGroup()

    for (const one of [group, group.load()]) {
      expect(one).toBeInstanceOf(Group)
      expect(one).not.toBeInstanceOf(User)
      expect(one.anonymousId()).toBeUndefined()
      expect(one.anonymousId('a1')).toBeUndefined()
    }
  })

  it('leaves the visitor alone', () => {
    const { ports } = startPage()
    const options = { storage: { stores: ['localStorage' as const, 'cookie' as const] } }
    const user = new User(options, undefined, ports)
    const group = new Group(options, undefined, ports)
    user.anonymousId('a1')

    group.id('g1')
    group.identify('g2', {})
    group.anonymousId(null)
    group.reset()

    expect(user.anonymousId()).toBe('a1')
  })

  it('does not take over a user of older libraries', () => {
    setCookie(`ajs_user=${encodeURIComponent('{"id":"old","traits":{"a":1}}')}; path=/`)
    const group = startGroup()

    expect([group.id(), group.traits()]).toEqual([null, {}])
    group.reset()
    expect(stored().cookies).toHaveProperty('ajs_user')
  })

  it.each<[string, string | null | undefined, string, object]>([
    ['the same group', 'g1', 'g1', { a: 1, b: 3 }],
    ['another group', 'g2', 'g2', { b: 3 }],
    ['an empty id', '', 'g1', { a: 1, b: 3 }],
    ['no id', null, 'g1', { a: 1, b: 3 }],
  ])('after identify with %s', (_, id, now, traits) => {
    const group = startGroup()
    group.identify('g1', { a: 1, b: 2 })

    group.identify(id, { b: 3 })

    expect([group.id(), group.traits()]).toEqual([now, traits])
  })

  it.each(['logout', 'reset'] as const)('is forgotten by %s', (forget) => {
    const group = startGroup()
    group.identify('g1', { a: 1 })

    group[forget]()

    expect([group.id(), group.traits()]).toEqual([null, {}])
    expect(stored()).toEqual({ local: {}, cookies: {} })
  })

  it('has methods that can be taken out', () => {
    const { id, traits, anonymousId, load, save } = startGroup()

    expect([id('g1'), traits({ a: 1 }), anonymousId(), load().id(), save()]).toEqual([
      'g1',
      { a: 1 },
      undefined,
      'g1',
      true,
    ])
  })

  it('is nothing when disabled', () => {
    const group = new Group({ disable: true }, undefined, startPage().ports)
    group.identify('g1', { a: 1 })

    expect([group.id(), group.traits()]).toEqual([null, undefined])
  })

  it('costs no write when nothing changes', () => {
    const group = startGroup()
    group.identify('g1', { a: 1 })
    const page = watchStorage()

    group.identify('g1', { a: 1 })
    group.id()
    group.traits()

    expect(page.writes).toBe(0)
  })
})
