import type { Call } from './visit-config'

const product = {
  product_id: 'p1',
  sku: 'A-1',
  name: 'Kettle',
  brand: 'Bra',
  category: 'Kitchen',
  price: 12.5,
  quantity: 2,
}
const other = { product_id: 'p2', sku: 'A-2', name: 'Cup', category: 'Kitchen', price: 3, quantity: 1 }

/** The name of the last event of every script. */
export const lastEvent = 'Visit Ended'

/** A visit to a shop: every method, the common events, and fields that destinations look for. */
export const shopping: readonly Call[] = [
  ['page', 'Docs', 'Home', { section: 'Top', published: '2020-01-02T03:04:05.000Z' }],
  ['track', 'Product Viewed', { ...product, currency: 'EUR', value: 25 }],
  [
    'identify',
    'user-1',
    {
      email: 'ada@example.com',
      name: 'Ada Lovelace',
      firstName: 'Ada',
      lastName: 'Lovelace',
      phone: '+44 20 1234',
      gender: 'female',
      avatar: 'https://example.com/ada.png',
      birthday: '1815-12-10',
      createdAt: '2020-01-02T03:04:05.000Z',
      plan: 'Gold',
      logins: 5,
      favorites: ['tea', 'maths'],
      address: { street: '1 Square', city: 'London', state: 'LDN', postalCode: 'W1', country: 'GB' },
      company: { id: 'c1', name: 'Engines', createdAt: '2019-01-02T03:04:05.000Z', plan: 'Big' },
    },
    { context: { Intercom: { user_hash: 'abc', hideDefaultLauncher: true } } },
  ],
  ['track', 'Product Added', { ...product, cart_id: 'cart-1', currency: 'EUR', value: 25 }],
  ['track', 'Signed Up', { method: 'Email', type: 'trial' }],
  [
    'track',
    'Order Completed',
    {
      order_id: 'o-1',
      revenue: 28,
      total: 33,
      shipping: 3,
      tax: 2,
      discount: 1,
      coupon: 'TEA',
      currency: 'EUR',
      products: [product, other],
    },
  ],
  ['group', 'group-1', { name: 'Engines', plan: 'Big', createdAt: '2019-01-02T03:04:05.000Z', size: 7 }],
  [
    'track',
    'Article Read',
    { title: 'On Tea', tags: ['tea', 'cups'], author: { name: 'Bea' }, at: '2020-02-03T04:05:06.000Z' },
  ],
  ['page'],
  ['page', 'Cart', { items: 2 }, { context: { page: { title: 'Your Cart' } } }],
  ['identify', { plan: 'Silver' }],
  ['identify', 'user-1', { plan: 'Silver' }],
  ['track', 'Nothing Special'],
  ['track', 'Signed Out', { reason: 'tired' }, { context: { location: { country: 'GB' } } }],
  ['reset'],
  ['alias', 'user-2'],
  ['identify', { email: 'anonymous@example.com', newsletter: true }],
  ['track', lastEvent, { nested: { deep: { deeper: true } }, empty: null, zero: 0, no: false }],
]
