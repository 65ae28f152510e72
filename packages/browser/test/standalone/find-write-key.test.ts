import { expect, it } from 'vitest'
import { findWriteKey } from '../../src/standalone/find-write-key'

const address = 'https://cdn.test/analytics.js/v1/own/analytics.min.js'
const all = { onScript: 'attribute', embedded: 'embedded', fromSnippet: 'snippet', address }

it.each([
  { name: 'what the script’s own attribute says', hints: all, found: 'attribute' },
  { name: 'what a server has put into the file', hints: { ...all, onScript: '' }, found: 'embedded' },
  {
    name: 'what the snippet says',
    hints: { ...all, onScript: undefined, embedded: undefined },
    found: 'snippet',
  },
  { name: 'what the script’s own address says', hints: { address }, found: 'own' },
  {
    name: 'nothing it would have to guess',
    hints: { address: 'https://shop.test/sluice.min.js' },
    found: undefined,
  },
  { name: 'no key that is none', hints: { fromSnippet: { key: 'k' } }, found: undefined },
  { name: 'no placeholder', hints: { embedded: '__WRITE_KEY__' }, found: undefined },
])('takes $name', ({ hints, found }) => {
  expect(findWriteKey(hints)).toBe(found)
})

it.each([
  ['https://cdn.test/analytics.js/v1/k1/analytics.js', 'k1'],
  ['https://cdn.test/analytics.js/v1/k1/platform/analytics.min.js?v=2', 'k1'],
  ['https://shop.test/proxy/analytics.js/v1/k1/analytics.min.js', 'k1'],
  ['https://cdn.test/analytics.js/v1/k%201/analytics.min.js', 'k 1'],
  ['https://cdn.test/analytics.js/v1/analytics.min.js', undefined],
  ['https://cdn.test/analytics.js/v1/k1/other.js', undefined],
])('reads %s', (one, key) => {
  expect(findWriteKey({ address: one })).toBe(key)
})
