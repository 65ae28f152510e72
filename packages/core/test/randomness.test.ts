import { randomnessContract } from '@sluice/testing'
import { afterAll, beforeAll, describe, vi } from 'vitest'
import { hostRandomness } from '../src/internal'

randomnessContract('the host', () => hostRandomness)

const bytesOnly = { getRandomValues: crypto.getRandomValues.bind(crypto) }

describe.each<[string, object | undefined]>([
  ['a page without https, where crypto has no randomUUID', bytesOnly],
  ['a crypto that can do nothing', {}],
  ['no crypto at all', undefined],
])('given %s', (name, crypto) => {
  beforeAll(() => void vi.stubGlobal('crypto', crypto))
  afterAll(() => void vi.unstubAllGlobals())

  randomnessContract(`a host with ${name}`, () => hostRandomness)
})
