import { createHash, createHmac } from 'node:crypto'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { keyedSha256, sha256 } from '../../src/filters/sha-256'

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')
const someBytes = fc.uint8Array({ maxLength: 300 })

it('is the hash that everybody knows', () => {
  fc.assert(
    fc.property(
      someBytes,
      (bytes) => hex(sha256(bytes)) === createHash('sha256').update(bytes).digest('hex'),
    ),
    { numRuns: 500 },
  )
})

it('is the keyed hash that everybody knows', () => {
  fc.assert(
    fc.property(
      someBytes.filter(({ length }) => length > 0),
      someBytes,
      (key, bytes) => hex(keyedSha256(key, bytes)) === createHmac('sha256', key).update(bytes).digest('hex'),
    ),
    { numRuns: 500 },
  )
})

it.each([0, 55, 56, 63, 64, 65, 119, 120, 1_000_000])('hashes %d bytes', (length) => {
  const bytes = new Uint8Array(length).fill(97)

  expect(hex(sha256(bytes))).toBe(createHash('sha256').update(bytes).digest('hex'))
})
