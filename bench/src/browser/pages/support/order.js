/** What one ordinary event tells. */
export const order = (number) => ({
  order_id: `50314b8e9bcf000000000000-${number}`,
  affiliation: 'Web Store',
  value: 30.5,
  revenue: 25,
  shipping: 3.15,
  currency: 'EUR',
  coupon: 'hasbros',
  products: [
    { product_id: '507f1f77bcf86cd799439011', sku: '45790-32', name: 'Monopoly', price: 19, quantity: 1 },
  ],
})
