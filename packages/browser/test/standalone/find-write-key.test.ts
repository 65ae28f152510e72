import { expect, it } from 'vitest'
import { findWriteKey } from '../../src/standalone/find-write-key'

const address = 'https://cdn.test/analytics.js/v1/own/analytics.min.js'
const addresses = [
  'https://shop.test/app.js',
  'https://cdn.test/analytics.js/v1/first/analytics.min.js',
  address,
]
const all = { onScript: 'attribute', embedded: 'embedded', fromSnippet: 'snippet', address, addresses }

it.each([
  { name: 'what the script’s own attribute says', hints: all, found: 'attribute' },
  { name: 'what a server has put into the file', hints: { ...all, onScript: '' }, found: 'embedded' },
  {
    name: 'what the snippet says',
    hints: { ...all, onScript: undefined, embedded: undefined },
    found: 'snippet',
  },
  {
    name: 'what the script’s own address says',
    hints: { address, addresses },
    found: 'own',
  },
  {
    name: 'what the first script that has such an address says',
    hints: { address: 'https://shop.test/sluice.min.js', addresses },
    found: 'first',
  },
  {
    name: 'nothing it would have to guess',
    hints: { addresses: ['https://shop.test/app.js'] },
    found: undefined,
  },
  { name: 'no key that is none', hints: { fromSnippet: { key: 'k' }, addresses: [] }, found: undefined },
  { name: 'no placeholder', hints: { embedded: '__WRITE_KEY__', addresses: [] }, found: undefined },
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
  expect(findWriteKey({ addresses: [one] })).toBe(key)
})
