import type { Fields } from './library'

export interface Random {
  /** At least 0 and less than 1. */
  next(): number
  pick<T>(from: readonly T[]): T
  /** The fields, or none. */
  maybe(fields: Fields): Fields
}

/** Chance that can be repeated: the same seed gives the same choices (the generator is known as mulberry32). */
export function seededRandom(seed: number): Random {
  let state = seed * 0x9e3779b9
  const next = () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  return {
    next,
    pick: <T>(from: readonly T[]) => from[Math.floor(next() * from.length)] as T,
    maybe: (fields) => (next() < 0.6 ? fields : {}),
  }
}
