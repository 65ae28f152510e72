import type { Randomness } from '@sluice/core/internal'
import { describe, expect, it } from 'vitest'

/** What every `Randomness` must do. */
export function randomnessContract(name: string, create: () => Randomness): void {
  describe(`${name} as a source of chance`, () => {
    it('gives numbers from 0 up to but not including 1', () => {
      const randomness = create()
      const numbers = Array.from({ length: 1_000 }, () => randomness.random())

      expect(Math.min(...numbers)).toBeGreaterThanOrEqual(0)
      expect(Math.max(...numbers)).toBeLessThan(1)
      expect(new Set(numbers).size).toBeGreaterThan(900)
    })

    it('gives version 4 UUIDs', () => {
      expect(create().uuid()).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/)
    })

    it('gives ids that share nothing with their neighbours', () => {
      const randomness = create()
      const bytes = (id: string) => id.replaceAll('-', '').match(/../g) ?? []
      for (let round = 0; round < 200; round++) {
        const first = bytes(randomness.uuid())
        const second = bytes(randomness.uuid())
        const inPlace = first.filter((byte, index) => byte === second[index]).length
        const shifted = first.slice(1).filter((byte, index) => byte === second[index]).length

        expect(Math.max(inPlace, shifted)).toBeLessThan(8)
      }
    })
  })
}
