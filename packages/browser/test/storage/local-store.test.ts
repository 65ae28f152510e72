import { keyValueStoreContract } from '@sluice/testing'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { createLocalStore, writingChanges } from '../../src/storage/local-store'
import { denyLocalStorage, fillLocalStorage, freshPage, watchStorage } from './browser-storage'

beforeEach(() => freshPage())

keyValueStoreContract('localStorage', () => createLocalStore())

describe('a store in localStorage', () => {
  it('can write only what changes', () => {
    const store = writingChanges(createLocalStore())
    store.set('a', '1')
    const storage = watchStorage()

    expect(store.set('a', '1')).toBe(true)
    store.remove('b')
    store.get('a')

    expect(storage.writes).toBe(0)
  })

  it.each([
    ['is denied', denyLocalStorage],
    ['is null, as in some web views', () => vi.stubGlobal('localStorage', null)],
    ['does not exist', () => vi.stubGlobal('localStorage', undefined)],
  ])('answers that it keeps nothing when localStorage %s', (_, breakIt) => {
    const store = createLocalStore()
    breakIt()

    expect(store.set('a', '1')).toBe(false)
    expect(store.get('a')).toBeUndefined()
    expect(store.keys('')).toEqual([])
    expect(() => store.remove('a')).not.toThrow()
  })

  it('says so when there is no room left, and goes on reading', () => {
    const store = createLocalStore()
    store.set('a', '1')
    fillLocalStorage()

    expect(store.set('a', '2')).toBe(false)
    expect(store.get('a')).toBe('1')
  })

  it('passes over what is no text in a stand-in', () => {
    const odd = { length: 2, key: (index: number) => [7, 'a:1'][index], getItem: () => 42, setItem() {} }
    vi.stubGlobal('localStorage', odd)
    const store = createLocalStore()

    expect([store.keys('a:'), store.get('a:1')]).toEqual([['a:1'], undefined])
  })

  it('finds its keys in a stand-in that has nothing but what the standard asks for', () => {
    const kept = new Map([
      ['a:1', 'x'],
      ['b:1', 'y'],
      ['a:2', 'z'],
    ])
    vi.stubGlobal('localStorage', {
      get length() {
        return kept.size
      },
      key: (index: number) => [...kept.keys()][index] ?? null,
      getItem: (key: string) => kept.get(key) ?? null,
    })

    expect(createLocalStore().keys('a:')).toEqual(['a:1', 'a:2'])
  })

  it('does not look for localStorage before it is used', () => {
    denyLocalStorage()

    expect(() => createLocalStore()).not.toThrow()
  })
})
