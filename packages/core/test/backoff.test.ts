import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { backoff } from '../src'

const least = () => 0

it.each([
  [{ attempt: 0 }, 500],
  [{ attempt: 1 }, 1_000],
  [{ attempt: 6 }, 32_000],
  [{ attempt: 3, factor: 3 }, 13_500],
  [{ attempt: 2, minTimeout: 100 }, 400],
  [{ attempt: 9, maxTimeout: 60_000 }, 60_000],
  [{ attempt: 5_000, maxTimeout: 60_000 }, 60_000],
])('waits, after %o, for at least %i ms', (params, expected) => {
  expect(backoff(params, least)).toBe(expected)
})

it('spreads a wait over one to two times its least', () => {
  expect(backoff({ attempt: 1 }, () => 0.5)).toBe(1_500)
  expect(backoff({ attempt: 1 }, () => 0.999)).toBeCloseTo(1_999)
})

it('never waits longer than it may, spread or not', () => {
  expect(backoff({ attempt: 1, maxTimeout: 1_200 }, () => 0.9)).toBe(1_200)
})

describe('without a source of chance', () => {
  it('takes the one of the language', () => {
    fc.assert(
      fc.property(fc.nat(40), (attempt) => {
        const wait = backoff({ attempt })

        expect(wait).toBeGreaterThanOrEqual(500 * 2 ** attempt)
        expect(wait).toBeLessThan(1_000 * 2 ** attempt)
      }),
    )
    expect(new Set(Array.from({ length: 20 }, () => backoff({ attempt: 5 }))).size).toBeGreaterThan(10)
  })
})
