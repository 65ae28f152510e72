import type { KeyValueStore } from '@sluice/core/internal'
import { describe, expect, it } from 'vitest'

/** What every `KeyValueStore` must do. */
export function keyValueStoreContract(name: string, create: () => KeyValueStore): void {
  describe(`${name} as a key-value store`, () => {
    it('gives back what was set, and nothing for what was not', () => {
      const store = create()

      expect(store.set('a', '1')).toBe(true)

      expect(store.get('a')).toBe('1')
      expect(store.get('b')).toBeUndefined()
    })

    it('keeps the last value', () => {
      const store = create()
      store.set('a', '1')
      store.set('a', '2')

      expect(store.get('a')).toBe('2')
    })

    it('keeps every character', () => {
      const store = create()
      const odd = '= ; "\u0000 \ud83d\ude00 é\n'
      store.set(odd, odd)

      expect(store.get(odd)).toBe(odd)
      expect(store.keys('')).toEqual([odd])
    })

    it('forgets what was removed, and does not mind removing what is not there', () => {
      const store = create()
      store.set('a', '1')
      store.remove('a')
      store.remove('a')

      expect(store.get('a')).toBeUndefined()
      expect(store.keys('')).toEqual([])
    })

    it('lists the keys with a prefix', () => {
      const store = create()
      for (const key of ['x:1', 'x:2', 'y:1']) store.set(key, key)

      expect(store.keys('x:').sort()).toEqual(['x:1', 'x:2'])
    })
  })
}
