import { keyValueStoreContract } from '@sluice/testing'
import { expect, it } from 'vitest'
import { createMemoryStore } from '../src/internal'

keyValueStoreContract('the memory', createMemoryStore)

it('is shared with no other store', () => {
  createMemoryStore().set('a', '1')

  expect(createMemoryStore().get('a')).toBeUndefined()
})

it('lists no key that has the prefix elsewhere', () => {
  const store = createMemoryStore()
  store.set('mine:other:', '1')

  expect(store.keys('other:')).toEqual([])
})

it('takes keys that every object has', () => {
  const store = createMemoryStore()
  store.set('__proto__', '1')

  expect([store.get('__proto__'), store.get('constructor'), store.keys('')]).toEqual([
    '1',
    undefined,
    ['__proto__'],
  ])
})
