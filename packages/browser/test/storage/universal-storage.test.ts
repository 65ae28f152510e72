import { beforeEach, describe, expect, it, vi } from 'vitest'
import { createStores, createUniversalStorage, storeOrder } from '../../src/storage/stores'
import { type Store, UniversalStorage } from '../../src/storage/universal-storage'
import {
  denyCookies,
  denyLocalStorage,
  fillLocalStorage,
  freshPage,
  ignoreCookies,
  setCookie,
  watchStorage,
} from './browser-storage'

beforeEach(() => freshPage())

const startStorage = (order = storeOrder()) => createUniversalStorage(createStores(), order)

describe('values in several stores', () => {
  it.each([
    ['a string', 'u1', '"u1"', 'u1'],
    ['an object', { a: 'b c' }, '{"a":"b c"}', '{%22a%22:%22b%20c%22}'],
    ['a number', 12, '12', '12'],
    ['true', true, 'true', 'true'],
  ])('stand in each store as today: %s', (_, value, local, cookie) => {
    const storage = startStorage()

    storage.set('k', value)

    expect(localStorage.getItem('k')).toBe(local)
    expect(document.cookie).toBe(`k=${cookie}`)
    expect(storage.get('k')).toEqual(value)
    expect(startStorage(['cookie']).get('k')).toEqual(value)
  })

  it.each([
    ['text that is no JSON', 'u1', 'u1'],
    ['a null that was left there', 'null', null],
    ['a number that JSON would change', '12345678901234567890', '12345678901234567890'],
    ['a number in another notation', '1e5', '1e5'],
  ])('are read as they were meant: %s', (_, text, value) => {
    localStorage.setItem('k', text)

    expect(startStorage().get('k')).toBe(value)
  })

  it('come from the first store that has one', () => {
    localStorage.setItem('k', '"local"')
    setCookie('k=cookie; path=/')

    expect(startStorage().get('k')).toBe('local')
    expect(startStorage(['cookie', 'localStorage']).get('k')).toBe('cookie')
    expect(startStorage(['memory']).get('k')).toBeNull()
  })

  it.each(['"u1"', '{a', '[1]', 'null', 'true', 'nullify', '"', ''])(
    'are strings again in a cookie if they were: %s',
    (text) => {
      startStorage(['cookie', 'memory']).set('k', text)

      expect(startStorage(['cookie', 'memory']).get('k')).toBe(text || null)
    },
  )

  it('stay deleted when somebody else deletes them from the browser', () => {
    const storage = startStorage()
    storage.set('k', 'v')
    localStorage.clear()
    setCookie('k=; path=/; expires=Thu, 01 Jan 1970 00:00:00 GMT')

    expect(storage.get('k')).toBeNull()
  })

  it.each([
    ['null', (storage: UniversalStorage) => storage.set('k', null)],
    ['undefined', (storage: UniversalStorage) => storage.set('k', undefined)],
    ['clear', (storage: UniversalStorage) => storage.clear('k')],
  ])('are gone from all stores after %s', (_, forget) => {
    const storage = startStorage()
    storage.set('k', 'v')

    forget(storage)

    expect(storage.get('k')).toBeNull()
    expect([localStorage.getItem('k'), document.cookie]).toEqual([null, ''])
  })

  it('are brought in line, numbers as strings', () => {
    localStorage.setItem('k', '12')

    expect(startStorage().getAndSync('k')).toBe('12')
    expect([localStorage.getItem('k'), document.cookie]).toEqual(['"12"', 'k=12'])
  })

  it('cost no write when nothing changes', () => {
    const storage = startStorage()
    storage.set('k', 'v')
    const page = watchStorage()

    storage.getAndSync('k')
    storage.set('k', 'v')
    storage.get('k')
    storage.getAndSync('missing')
    storage.clear('missing')

    expect(page.writes).toBe(0)
  })

  it.each([
    ['localStorage is denied', denyLocalStorage],
    ['localStorage is full', fillLocalStorage],
    ['cookies are denied', denyCookies],
  ])('are kept elsewhere when %s', (_, breakIt) => {
    const storage = startStorage()
    storage.set('k', 'old')
    breakIt()

    storage.set('k', 'new')

    expect(storage.get('k')).toBe('new')
    expect(storage.getAndSync('k')).toBe('new')
  })

  it('outlive a store of somebody else that throws', () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
    const fail = () => {
      throw new Error('broken')
    }
    const kept = new Map<PropertyKey, unknown>()
    const working: Store = {
      get: (key) => kept.get(key) ?? null,
      set: (key, value) => kept.set(key, value),
      remove: (key) => kept.delete(key),
    }
    const storage = new UniversalStorage([{ get: fail, set: fail, remove: fail }, working])

    storage.set('k', 'v')
    expect(storage.getAndSync('k')).toBe('v')
    storage.clear('k')

    expect(storage.get('k')).toBeNull()
    expect(warn).toHaveBeenCalledWith('A store failed and was skipped', 'k', new Error('broken'))
    warn.mockRestore()
  })

  const cycle: { self?: unknown } = {}
  cycle.self = cycle

  it.each<[string, unknown]>([
    ['a cycle', cycle],
    ['a bigint', { balance: 10n }],
    ['a function', () => 'called'],
    [
      'what throws when it is written',
      {
        toJSON() {
          throw new Error('broken')
        },
      },
    ],
  ])('are what was given last, on this page at least, when that cannot be written: %s', (_, value) => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
    const storage = startStorage()
    storage.set('k', 'old')

    expect(() => storage.set('k', value)).not.toThrow()

    expect(storage.get('k')).toEqual(value)
    expect(startStorage().get('k')).toBeNull()
    expect([localStorage.getItem('k'), document.cookie]).toEqual([null, ''])
    warn.mockRestore()
  })

  it('are gone where an old one was, when a store of somebody else cannot take the new one', () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
    const kept = new Map<PropertyKey, unknown>([['k', 'old']])
    const full: Store = {
      get: (key) => kept.get(key) ?? null,
      set() {
        throw new Error('full')
      },
      remove: (key) => kept.delete(key),
    }
    const storage = new UniversalStorage([full])

    storage.set('k', 'new')

    expect(storage.get('k')).toBeNull()
    warn.mockRestore()
  })

  it.each([
    ['the cookie', () => setCookie('k=; path=/; expires=Thu, 01 Jan 1970 00:00:00 GMT')],
    ['the entry in localStorage', () => localStorage.removeItem('k')],
  ])('are given back to a store that has lost them: %s', (_, lose) => {
    const storage = startStorage()
    storage.set('k', 'v')
    lose()

    expect(storage.getAndSync('k')).toBe('v')
    expect([localStorage.getItem('k'), document.cookie]).toEqual(['"v"', 'k=v'])
  })

  it('are not offered again and again to a store that cannot keep them', () => {
    ignoreCookies()
    const storage = startStorage()
    storage.set('k', 'v')
    const page = watchStorage()

    storage.getAndSync('k')

    expect(page.writes).toBe(0)
  })
})

describe('the order of stores', () => {
  const usual = ['localStorage', 'cookie', 'memory']

  it.each<[string, unknown, string[]]>([
    ['nothing', undefined, usual],
    ['two stores', { stores: ['cookie', 'memory'] }, ['cookie', 'memory']],
    ['no store', { stores: [] }, []],
    ['an unknown store', { stores: ['cookie', 'disk'] }, usual],
    ['no list', { stores: 'cookie' }, usual],
    ['no settings', {}, usual],
  ])('given %s', (_, settings, order) => {
    expect(Reflect.apply(storeOrder, undefined, [settings])).toEqual(order)
  })
})
