import { expect, it } from 'vitest'
import { noOutbox } from '../src/internal'

it('has room for everything, and forgets it without complaint', () => {
  expect(noOutbox.put('id', '{}')).toBe(true)
  expect(noOutbox.put('id', '{}')).toBe(true)
  expect(noOutbox.remove('id')).toBeUndefined()
  expect(noOutbox.remove('never put')).toBeUndefined()
})
