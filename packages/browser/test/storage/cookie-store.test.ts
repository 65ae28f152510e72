import { keyValueStoreContract } from '@sluice/testing'
import { beforeEach, describe, expect, it } from 'vitest'
import { createCookieStore } from '../../src/storage/cookie-store'
import { denyCookies, freshPage, ignoreCookies, setCookie, watchStorage } from './browser-storage'

const dayMs = 86_400_000
const start = Date.now()

beforeEach(() => freshPage())

function startStore(options = {}) {
  const clock = { time: start, now: () => clock.time }
  return { store: createCookieStore(options, clock), clock }
}

/** The names of the page's cookies, each as often as it is there. */
const cookieNames = () =>
  document.cookie
    .split('; ')
    .filter(Boolean)
    .map((cookie) => decodeURIComponent(cookie.split('=', 1)[0] ?? ''))

keyValueStoreContract('cookies', () => ({
  ...createCookieStore(),
  keys: (prefix) => cookieNames().filter((name) => name.startsWith(prefix)),
}))

describe('a store in cookies', () => {
  it('writes cookies for a year, for the whole site and for visits by links', () => {
    const { store } = startStore()
    const storage = watchStorage()

    store.set('s:context.referrer', 'a b')

    const expires = new Date(start + 365 * dayMs).toUTCString()
    expect(storage.cookieWrites).toEqual([
      `s%3Acontext.referrer=a%20b; path=/; expires=${expires}; SameSite=Lax`,
    ])
  })

  it('writes them as the options say', () => {
    const { store } = startStore({
      maxage: 2,
      domain: 'localhost',
      path: '/shop',
      secure: true,
      sameSite: 'None',
    })
    const storage = watchStorage()

    store.set('a', '1')

    const expires = new Date(start + 2 * dayMs).toUTCString()
    expect(storage.cookieWrites[0]).toBe(
      `a=1; path=/shop; expires=${expires}; SameSite=None; domain=localhost; Secure`,
    )
  })

  it('renews an unchanged cookie once a page and once a day', () => {
    startStore().store.set('a', '1')
    const { store, clock } = startStore()
    const storage = watchStorage()
    const writesOf = (ms: number) => {
      clock.time += ms
      const before = storage.writes
      store.set('a', '1')
      return storage.writes - before
    }

    expect([0, 0, dayMs - 1, 1, 1].map(writesOf)).toEqual([1, 0, 0, 1, 0])
  })

  it('renews a short-lived cookie before it ends', () => {
    const { store, clock } = startStore({ maxage: 0.5 })
    store.set('a', '1')
    const storage = watchStorage()
    clock.time += dayMs / 4

    store.set('a', '1')

    expect(storage.writes).toBe(1)
  })

  it('writes again what somebody deleted or changed', () => {
    const { store } = startStore()
    store.set('a', '1')
    setCookie('a=2; path=/')

    store.set('a', '1')

    expect(store.get('a')).toBe('1')
  })

  it('writes nothing to remove what is not there', () => {
    const storage = watchStorage()

    startStore().store.remove('a')

    expect(storage.writes).toBe(0)
  })

  it.each([
    ['cookies throw', denyCookies],
    ['cookies are switched off', ignoreCookies],
  ])('answers that it keeps nothing when %s', (_, breakIt) => {
    breakIt()
    const { store } = startStore()

    expect(store.set('a', '1')).toBe(false)
    expect(store.get('a')).toBeUndefined()
    expect(() => store.remove('a')).not.toThrow()
  })
})

describe('on a subdomain', () => {
  beforeEach(() => freshPage('http://shop.example.co.uk/'))

  it('shares cookies with the whole domain, found out once', () => {
    const { store } = startStore()
    store.set('a', '1')
    const storage = watchStorage()

    store.set('b', '1')

    expect(storage.cookieWrites).toEqual([expect.stringMatching(/^b=1; .*domain=example\.co\.uk$/)])
    expect(cookieNames()).toEqual(['a', 'b'])
  })

  it('is not misled by what another page left when it tried', () => {
    setCookie('__tld__=1; path=/')
    const storage = watchStorage()

    expect(startStore().store.set('a', '1')).toBe(true)
    expect(storage.cookieWrites.at(-1)).toMatch(/^a=1; .*domain=example\.co\.uk$/)
  })

  it('tries no domain when one is given, or none is wanted', () => {
    const storage = watchStorage()
    startStore({ domain: 'shop.example.co.uk' }).store.set('a', '1')
    startStore({ domain: undefined }).store.set('b', '1')

    expect(storage.cookieWrites.filter((text) => text.startsWith('__tld__'))).toEqual([])
    expect(storage.cookieWrites).toHaveLength(2)
  })

  it('tries no domain to read', () => {
    const storage = watchStorage()
    startStore().store.get('a')

    expect(storage.writes).toBe(0)
  })

  it('puts the shared cookie in the place of one that was set for this host alone', () => {
    setCookie('a=old; path=/')
    const { store } = startStore()

    expect(store.set('a', 'new')).toBe(true)
    expect(document.cookie).toBe('a=new')
  })

  it('leaves one cookie of a name, even when both say the same', () => {
    setCookie('a=1; path=/')
    setCookie('a=1; path=/; domain=.example.co.uk')

    expect(startStore().store.set('a', '1')).toBe(true)
    setCookie('a=2; path=/; domain=.example.co.uk')

    expect(startStore().store.get('a')).toBe('2')
  })

  it('removes both', () => {
    setCookie('a=old; path=/')
    setCookie('a=new; path=/; domain=.example.co.uk')

    startStore().store.remove('a')

    expect(document.cookie).toBe('')
  })
})
