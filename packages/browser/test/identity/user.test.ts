import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { UserOptions } from '../../src/identity/options'
import { User } from '../../src/identity/user'
import {
  deleteCookie,
  denyCookies,
  denyLocalStorage,
  fillLocalStorage,
  freshPage,
  ignoreCookies,
  setCookie,
  watchStorage,
} from '../storage/browser-storage'
import { startPage, stored } from './start-page'

beforeEach(() => freshPage())

const startUser = (options?: UserOptions) => new User(options, undefined, startPage().ports)

const dayMs = 86_400_000

describe('a user', () => {
  it('is nobody at first', () => {
    const user = startUser()

    expect([user.id(), user.traits()]).toEqual([null, {}])
    expect(stored()).toEqual({ local: {}, cookies: {} })
  })

  it('is kept as today, for libraries of both makes', () => {
    const user = startUser()

    user.identify('u1', { plan: 'pro' })
    user.anonymousId()

    expect(stored()).toEqual({
      local: {
        ajs_user_id: '"u1"',
        ajs_anonymous_id: '"made-1"',
        ajs_user_traits: '{"plan":"pro"}',
      },
      cookies: { ajs_user_id: 'u1', ajs_anonymous_id: 'made-1' },
    })
  })

  it('is the same on the next page', () => {
    startUser().identify('u1', { plan: 'pro' })
    const anonymousId = startUser().anonymousId('a1')
    const user = startUser()

    expect([user.id(), user.anonymousId(), user.traits()]).toEqual(['u1', anonymousId, { plan: 'pro' }])
  })

  it('is the same after load, which answers a user with the same options', () => {
    const user = startUser({ persist: false, cookie: { key: 'id' } })
    user.identify('u1', { plan: 'pro' })

    const loaded = user.load()

    expect(loaded).toBeInstanceOf(User)
    expect(loaded.options).toEqual(user.options)
    expect([loaded.id(), loaded.traits()]).toEqual(['u1', { plan: 'pro' }])
  })

  it('has methods that can be taken out', () => {
    const { id, anonymousId, traits, identify, logout, reset, load, save } = startUser()
    identify('u1', { a: 1 })

    expect([id(), anonymousId(), traits(), load().id(), save()]).toEqual([
      'u1',
      'made-1',
      { a: 1 },
      'u1',
      true,
    ])
    logout()
    expect(id()).toBeNull()
    reset()
    expect(anonymousId()).toBe('made-2')
  })

  it('can be refined by a subclass', () => {
    class Shouting extends User {
      override id(id?: string | null) {
        return super.id(id)?.toUpperCase()
      }
    }
    const { id } = new Shouting({}, undefined, startPage().ports)

    expect(id('u1')).toBe('U1')
  })

  it('makes ids that nobody can guess', () => {
    expect(new User().anonymousId()).toMatch(
      /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/,
    )
  })
})

describe("a user's id", () => {
  it.each(['1e5', '12345678901234567890', 'true', 'null', '{"a":1}', '[1]', '007', '"quoted"', 'é;= %'])(
    'stays the string %s in every store',
    (id) => {
      for (const stores of [['localStorage'], ['cookie'], ['memory']] as const) {
        const options = { storage: { stores: [...stores] } }
        const user = startUser(options)
        user.id(id)

        expect(user.id()).toBe(id)
        if (stores[0] !== 'memory') expect(startUser(options).id()).toBe(id)
        user.id(null)
      }
    },
  )

  it.each([
    ['a number in localStorage', () => localStorage.setItem('ajs_user_id', '123'), '123'],
    ['bare text in localStorage', () => localStorage.setItem('ajs_user_id', 'u1'), 'u1'],
    ['quotes in a cookie', () => setCookie('ajs_user_id=%22u1%22; path=/'), 'u1'],
    ['quotes that a server put into a cookie', () => setCookie('ajs_user_id="u1"; path=/'), 'u1'],
    ['null in localStorage', () => localStorage.setItem('ajs_user_id', 'null'), null],
    ['nothing between quotes', () => localStorage.setItem('ajs_user_id', '""'), null],
  ])('is read from %s', (_, leave, id) => {
    leave()

    expect(startUser().id()).toBe(id)
  })

  it('comes from localStorage first, and changes the cookie', () => {
    localStorage.setItem('ajs_user_id', '"local"')
    setCookie('ajs_user_id=cookie; path=/')

    expect(startUser().id()).toBe('local')
    expect(stored().cookies).toEqual({ ajs_user_id: 'local' })
  })

  it('comes from the first of the stores that were asked for', () => {
    localStorage.setItem('ajs_user_id', '"local"')
    setCookie('ajs_user_id=cookie; path=/')

    expect(startUser({ storage: { stores: ['cookie', 'localStorage'] } }).id()).toBe('cookie')
    expect(stored().local).toEqual({ ajs_user_id: '"cookie"' })
  })

  it.each([
    ['another id', 'u1', 'u2', 'made-2'],
    ['the same id', 'u1', 'u1', 'made-1'],
    ['the first id', null, 'u1', 'made-1'],
    ['no id', 'u1', null, 'made-1'],
  ])('decides who the visitor is: %s', (_, before, after, anonymousId) => {
    const user = startUser()
    user.id(before)
    user.anonymousId()

    user.id(after)

    expect(user.id()).toBe(after)
    expect(user.anonymousId()).toBe(anonymousId)
  })

  it.each(['', undefined])('is left alone by id(%j)', (nothing) => {
    const user = startUser()
    user.id('u1')

    expect(user.id(nothing)).toBe('u1')
  })

  it.each([42, 42n])('is a string when %s was given as a number', (number) => {
    expect(Reflect.apply(startUser().id, undefined, [number])).toBe('42')
  })

  it.each([[Symbol('id')], [true], [['u2']], [{ id: 'u2' }], [new Date(0)], ['u'.repeat(1_001)]])(
    'is left alone by what can be none',
    (odd) => {
      const user = startUser()
      user.id('u1')

      expect(Reflect.apply(user.id, undefined, [odd])).toBe('u1')
      expect(Reflect.apply(user.anonymousId, undefined, [odd])).toBe('made-1')
    },
  )

  it('is none when it is longer than any id, and the next store is asked', () => {
    localStorage.setItem('ajs_user_id', JSON.stringify('u'.repeat(1_001)))
    setCookie('ajs_user_id=u1; path=/')

    expect(startUser().id()).toBe('u1')
    expect(stored().local).toEqual({ ajs_user_id: '"u1"' })
  })
})

describe("a visitor's id", () => {
  it('is made once and can be set', () => {
    const user = startUser()

    expect([user.anonymousId(), user.anonymousId()]).toEqual(['made-1', 'made-1'])
    expect([user.anonymousId('a1'), user.anonymousId()]).toEqual(['a1', 'a1'])
    expect([user.anonymousId(''), user.anonymousId()]).toEqual(['a1', 'a1'])
    expect([user.anonymousId(null), user.anonymousId()]).toEqual([null, 'made-2'])
  })

  it('comes from the cookie, which subdomains share, before other stores', () => {
    localStorage.setItem('ajs_anonymous_id', '"local"')
    setCookie('ajs_anonymous_id=cookie; path=/')

    expect(startUser().anonymousId()).toBe('cookie')
    expect(stored().local).toEqual({ ajs_anonymous_id: '"cookie"' })
  })

  it('is made anew when the one that was kept is longer than any id', () => {
    localStorage.setItem('ajs_anonymous_id', JSON.stringify('a'.repeat(1_000_000)))

    expect(startUser().anonymousId()).toBe('made-1')
    expect(stored().local).toEqual({ ajs_anonymous_id: '"made-1"' })
  })

  it('is kept as long as it may be', () => {
    localStorage.setItem('ajs_anonymous_id', JSON.stringify('a'.repeat(1_000)))

    expect(startUser().anonymousId()).toBe('a'.repeat(1_000))
  })

  it('is written again when its cookie is deleted', () => {
    const user = startUser()
    user.anonymousId('a1')
    deleteCookie('ajs_anonymous_id')

    expect(user.anonymousId()).toBe('a1')
    expect(stored().cookies).toEqual({ ajs_anonymous_id: 'a1' })
  })

  it('follows the cookie while the page is open', () => {
    const user = startUser()
    user.anonymousId('a1')
    setCookie('ajs_anonymous_id=a2; path=/')

    expect(user.anonymousId()).toBe('a2')
    expect(stored().local).toEqual({ ajs_anonymous_id: '"a2"' })
  })

  it.each([
    ['is empty', () => setCookie('ajs_anonymous_id=; path=/')],
    ['is missing', () => {}],
  ])('comes from localStorage when the cookie %s', (_, leave) => {
    localStorage.setItem('ajs_anonymous_id', '"local"')
    leave()

    expect(startUser().anonymousId()).toBe('local')
    expect(stored().cookies).toEqual({ ajs_anonymous_id: 'local' })
  })

  it('does not come from a cookie when cookies are not to be used', () => {
    localStorage.setItem('ajs_anonymous_id', '"local"')
    setCookie('ajs_anonymous_id=cookie; path=/')

    expect(startUser({ storage: { stores: ['localStorage'] } }).anonymousId()).toBe('local')
  })
})

describe('what is known about a user', () => {
  it('is replaced by traits()', () => {
    const user = startUser()
    user.traits({ a: 1 })

    expect(user.traits({ b: 2 })).toEqual({ b: 2 })
    expect(user.traits(null)).toEqual({})
    expect(stored().local).toEqual({})
  })

  it.each<[string, string | null, string | null | undefined, object]>([
    ['the same user', 'u1', 'u1', { a: 1, b: 3 }],
    ['another user', 'u1', 'u2', { b: 3 }],
    ['the first user', null, 'u1', { a: 1, b: 3 }],
    ['an empty id', 'u1', '', { a: 1, b: 3 }],
    ['null', 'u1', null, { a: 1, b: 3 }],
    ['undefined', 'u1', undefined, { a: 1, b: 3 }],
  ])('after identify with %s', (_, before, id, traits) => {
    const user = startUser()
    user.id(before)
    user.traits({ a: 1, b: 2 })

    user.identify(id, { b: 3 })

    expect(user.traits()).toEqual(traits)
    expect(user.id()).toBe(id || before)
  })

  it.each([
    ['undefined', undefined],
    ['null', null],
  ])('stays when identify gets %s for traits', (_, nothing) => {
    const user = startUser()
    user.identify('u1', { a: 1 })
    user.identify('u1', nothing)

    expect(user.traits()).toEqual({ a: 1 })
  })

  it('does not follow what the caller does to the object later', () => {
    const user = startUser()
    const traits = { a: { b: 1 } }
    user.traits(traits)
    traits.a.b = 2

    expect(user.traits()).toEqual({ a: { b: 1 } })
  })

  it.each(['null', 'no json', '[1]', '"text"', '12'])('is nothing when %s stands in its place', (text) => {
    localStorage.setItem('ajs_user_traits', text)

    expect(startUser().traits()).toEqual({})
  })

  it('is what was given last, also when that cannot be written', () => {
    const user = startUser()
    user.traits({ a: 1 })
    const cycle: Record<string, unknown> = {}
    cycle.self = cycle
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})

    expect(user.traits(cycle)).toEqual(cycle)
    expect(startUser().traits()).toEqual({})
    expect(warn).toHaveBeenCalled()
    warn.mockRestore()
  })

  it('leaves out, once something more is known, what could not be written', () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
    const user = startUser()
    user.identify('u1', { balance: 10n })
    user.identify('u1', { plan: 'pro' })

    expect(user.traits()).toEqual({ plan: 'pro' })
    warn.mockRestore()
  })

  it('never stands in a cookie', () => {
    const user = startUser({ storage: { stores: ['cookie'] } })

    expect(user.traits({ a: 1 })).toEqual({ a: 1 })
    expect(stored()).toEqual({ local: {}, cookies: {} })
  })
})

describe('forgetting a user', () => {
  it.each(['logout', 'reset'] as const)('%s leaves nothing, of older libraries either', (forget) => {
    setCookie('ajs_user=old; path=/')
    setCookie('_sio=a0----u0; path=/')
    const user = startUser()
    user.identify('u1', { a: 1 })
    user.anonymousId()

    user[forget]()

    expect(stored()).toEqual({ local: {}, cookies: {} })
    expect([user.id(), user.traits(), user.anonymousId()]).toEqual([null, {}, 'made-2'])
  })

  it.each<[string, UserOptions]>([
    ['usually', {}],
    ['with the stores given', { storage: { stores: ['localStorage', 'cookie'] } }],
  ])('an id that somebody else deletes from the browser stays deleted, %s', (_, options) => {
    const user = startUser(options)
    user.id('u1')
    user.anonymousId('a1')
    localStorage.clear()
    deleteCookie('ajs_user_id')
    deleteCookie('ajs_anonymous_id')

    expect(user.id()).toBeNull()
    expect(user.anonymousId()).toBe('made-1')
  })
})

describe('options', () => {
  it('disable: there is nobody', () => {
    localStorage.setItem('ajs_user_id', '"u1"')
    setCookie('ajs_user=old; path=/')
    const before = stored()
    const page = watchStorage()
    const user = startUser({ disable: true })
    user.identify('u2', { a: 1 })

    expect([user.id('u3'), user.anonymousId('a1'), user.traits({ a: 1 })]).toEqual([null, null, undefined])
    user.reset()
    expect([page.writes, page.reads]).toEqual([0, 0])
    expect(stored()).toEqual(before)
  })

  it('persist: false keeps everything in memory and reads nothing else', () => {
    setCookie('ajs_user=old; path=/')
    localStorage.setItem('ajs_user_id', '"u0"')
    const page = watchStorage()
    const user = startUser({ persist: false, storage: { stores: ['cookie'] } })

    expect(user.id()).toBeNull()
    user.identify('u1', { a: 1 })

    expect([user.id(), user.anonymousId(), user.traits()]).toEqual(['u1', 'made-1', { a: 1 }])
    user.reset()
    expect(user.id()).toBeNull()
    expect([page.writes, page.reads]).toEqual([0, 0])
  })

  it('localStorageFallbackDisabled keeps ids in cookies and traits in memory', () => {
    const user = startUser({ localStorageFallbackDisabled: true })
    const page = watchStorage()
    user.identify('u1', { a: 1 })

    expect(user.traits()).toEqual({ a: 1 })
    expect(page.localWrites).toEqual([])
    expect(stored().cookies).toEqual({ ajs_user_id: 'u1' })
  })

  it('keys are those that were asked for', () => {
    const user = startUser({ cookie: { key: 'my_id' }, localStorage: { key: 'my_traits' } })
    user.identify('u1', { a: 1 })

    expect(stored()).toEqual({
      local: { my_id: '"u1"', my_traits: '{"a":1}' },
      cookies: { my_id: 'u1' },
    })
  })

  it('an order with unknown stores is not taken', () => {
    const user = new User(JSON.parse('{"storage":{"stores":["disk"]}}'), undefined, startPage().ports)
    user.id('u1')

    expect(stored()).toEqual({ local: { ajs_user_id: '"u1"' }, cookies: { ajs_user_id: 'u1' } })
  })

  it('of cookies are used', () => {
    const page = watchStorage()
    new User({}, { maxage: 1, path: '/shop', sameSite: 'Strict', secure: true }).id('u1')

    expect(page.cookieWrites[0]).toMatch(/^ajs_user_id=u1; path=\/shop; .*SameSite=Strict; Secure$/)
  })
})

describe('what older libraries left', () => {
  it.each([
    ['an id and traits', '{"id":"old","traits":{"a":1}}', 'old', { a: 1 }],
    ['an id that is a number', '{"id":12}', '12', {}],
    ['a bare id', 'old', 'old', {}],
    ['a bare id in quotes', '"old"', 'old', {}],
    ['a bare number', '1e5', '1e5', {}],
    ['null', 'null', null, {}],
    ['something else', '{"id":{}}', null, {}],
  ])('is taken over: %s', (_, cookie, id, traits) => {
    setCookie(`ajs_user=${encodeURIComponent(cookie)}; path=/`)
    const user = startUser()

    expect([user.id(), user.traits()]).toEqual([id, traits])
  })

  it('does not change who is known already', () => {
    startUser().identify('u1', { a: 1 })
    setCookie('ajs_user=old; path=/')
    setCookie('_sio=a0----u0; path=/')
    startUser().anonymousId('a1')

    const user = startUser()

    expect([user.id(), user.traits(), user.anonymousId()]).toEqual(['u1', { a: 1 }, 'a1'])
  })

  it('gives the visitor an id', () => {
    setCookie('_sio=a0----u0; path=/')
    const user = startUser()

    expect([user.id(), user.anonymousId()]).toEqual([null, 'a0'])
  })

  it('gives no id when it holds none', () => {
    setCookie('_sio=----u0; path=/')

    expect(startUser().anonymousId()).toBe('made-1')
  })

  it('gives no id to the visitor who comes after', () => {
    setCookie('_sio=a0----u0; path=/')
    const user = startUser()
    user.id('u1')
    user.id('u2')

    expect([user.anonymousId(), startUser().anonymousId()]).toEqual(['made-1', 'made-1'])
  })

  it('does not come back after id(null)', () => {
    setCookie('ajs_user=old; path=/')
    startUser().id(null)

    expect(startUser().id()).toBeNull()
  })
})

describe('when the browser keeps nothing', () => {
  const noCookies = [
    ['cookies throw', denyCookies],
    ['cookies are ignored', ignoreCookies],
  ] as const
  const noLocalStorage = [
    ['localStorage is denied', denyLocalStorage],
    ['localStorage is full', fillLocalStorage],
  ] as const

  it.each(noCookies.flatMap((a) => noLocalStorage.map((b) => [a[0], b[0], a[1], b[1]] as const)))(
    'as %s and %s, the page itself remembers',
    (_, __, breakCookies, breakLocalStorage) => {
      breakCookies()
      breakLocalStorage()
      const user = startUser({ storage: { stores: ['cookie', 'localStorage'] } })
      user.identify('u1', { a: 1 })
      user.identify('u2', { b: 2 })

      expect([user.id(), user.traits()]).toEqual(['u2', { b: 2 }])
      expect([user.anonymousId(), user.anonymousId()]).toEqual(['made-1', 'made-1'])
      user.reset()
      expect([user.id(), user.traits()]).toEqual([null, {}])
    },
  )

  it('as on a server, the process itself remembers', () => {
    for (const name of ['document', 'localStorage', 'location']) vi.stubGlobal(name, undefined)
    const user = startUser()
    user.identify('u1', { a: 1 })

    expect([user.id(), user.anonymousId(), user.traits()]).toEqual(['u1', 'made-1', { a: 1 }])
    vi.unstubAllGlobals()
  })

  it('never answers with an old value after a new one could not be kept', () => {
    const user = startUser()
    user.identify('u1', { a: 1 })
    fillLocalStorage()
    user.identify('u2', { b: 2 })

    expect([user.id(), user.traits()]).toEqual(['u2', { b: 2 }])
  })
})

describe('writes to storage', () => {
  it('are one for each store in which something changes', () => {
    const user = startUser()
    const page = watchStorage()

    user.identify('u1', { a: 1 })
    user.identify('u1', { b: 2 })

    expect(page.localWrites).toEqual([
      'setItem ajs_user_id "u1"',
      'setItem ajs_user_traits {"a":1}',
      'setItem ajs_user_traits {"a":1,"b":2}',
    ])
    expect(page.cookieWrites).toEqual([expect.stringMatching(/^ajs_user_id=u1;/)])
  })

  it('are none for what is there already', () => {
    const user = startUser()
    user.identify('u1', { a: 1 })
    user.anonymousId()
    const page = watchStorage()

    for (let event = 0; event < 10; event++) {
      user.id()
      user.anonymousId()
      user.traits()
      user.identify('u1', { a: 1 })
      user.load().id()
    }

    expect(page.writes).toBe(0)
  })

  it('are none for a visitor of whom nothing is known', () => {
    const page = watchStorage()
    const user = startUser()
    user.id()
    user.traits()
    user.reset()

    expect(page.writes).toBe(0)
  })

  it('renew each cookie once on the next page, and once a day after that', () => {
    startUser().id('u1')
    startUser().anonymousId('a1')
    const { ports, clock } = startPage()
    const page = watchStorage()
    const user = new User({}, undefined, ports)
    const use = (ms: number) => {
      clock.time += ms
      const before = page.writes
      user.id()
      user.anonymousId()
      return page.writes - before
    }

    expect([0, 0, dayMs / 2, dayMs / 2, 0].map(use)).toEqual([2, 0, 0, 2, 0])
  })

  it('are not tried again and again when there is no room', () => {
    const user = startUser()
    fillLocalStorage()
    user.id('u1')
    user.anonymousId('a1')
    const page = watchStorage()

    user.id()
    user.anonymousId()

    expect(page.writes).toBe(0)
  })

  it('leave one read of each place for each id of a known user', () => {
    const user = startUser()
    user.id('u1')
    user.anonymousId('a1')
    const page = watchStorage()

    user.id()
    user.anonymousId()

    expect(page.reads).toBe(4)
  })
})
