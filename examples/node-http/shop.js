/** The shop itself: goods, carts and customers, all in memory. Nothing here knows that anybody is counting. */
import { randomUUID } from 'node:crypto'

/**
 * @typedef {{ id: string, sku: string, name: string, category: string, brand: string, price: number }} Product
 * @typedef {{ product: Product, quantity: number }} CartLine
 * @typedef {{ id: string, lines: CartLine[] }} Cart
 * @typedef {{ id: string, email: string, name: string, company: string, createdAt: Date }} Customer
 * @typedef {{ id: string, lines: CartLine[], subtotal: number, shipping: number, tax: number, total: number }} Order
 */

export const currency = 'EUR'

/** @type {Product[]} */
export const products = [
  { id: 'p1', sku: 'TEA-ASS-100', name: 'Assam, 100 g', category: 'Tea', brand: 'Harbour', price: 8.5 },
  { id: 'p2', sku: 'TEA-SEN-100', name: 'Sencha, 100 g', category: 'Tea', brand: 'Harbour', price: 11 },
  { id: 'p3', sku: 'TEA-ROO-250', name: 'Rooibos, 250 g', category: 'Tea', brand: 'Fold', price: 9.75 },
  {
    id: 'p4',
    sku: 'COF-ETH-500',
    name: 'Yirgacheffe, 500 g',
    category: 'Coffee',
    brand: 'Fold',
    price: 17.9,
  },
  { id: 'p5', sku: 'COF-COL-500', name: 'Huila, 500 g', category: 'Coffee', brand: 'Fold', price: 15.4 },
  { id: 'p6', sku: 'POT-GLA-1', name: 'Glass pot, 1 l', category: 'Pots', brand: 'Kiln', price: 34 },
  { id: 'p7', sku: 'POT-IRO-07', name: 'Iron pot, 0.7 l', category: 'Pots', brand: 'Kiln', price: 62.5 },
  { id: 'p8', sku: 'CUP-STO-2', name: 'Two stoneware cups', category: 'Cups', brand: 'Kiln', price: 24 },
]

/** @param {string} id */
export const findProduct = (id) => products.find((product) => product.id === id)

/** @param {string} words */
export function searchProducts(words) {
  const wanted = words.toLowerCase()
  return products.filter(({ name, category }) => `${name} ${category}`.toLowerCase().includes(wanted))
}

export function createShop() {
  /** @type {Map<string, Cart>} */
  const carts = new Map()
  /** @type {Map<string, Customer>} By e-mail address. */
  const customers = new Map()
  /** @type {Map<string, Customer>} By visitor. */
  const signedIn = new Map()

  /** @param {string} visitorId */
  const cartOf = (visitorId) => {
    const cart = carts.get(visitorId) ?? { id: randomUUID(), lines: [] }
    carts.set(visitorId, cart)
    return cart
  }

  return {
    cartOf,

    /** @param {string} visitorId */
    customerOf: (visitorId) => signedIn.get(visitorId),

    /**
     * @param {string} visitorId
     * @param {Product} product
     */
    addToCart(visitorId, product) {
      const { lines } = cartOf(visitorId)
      const line = lines.find((one) => one.product === product)
      if (line) line.quantity++
      else lines.push({ product, quantity: 1 })
    },

    /**
     * @param {string} visitorId
     * @param {Product} product
     */
    removeFromCart(visitorId, product) {
      const cart = cartOf(visitorId)
      cart.lines = cart.lines.filter((line) => line.product !== product)
    },

    /**
     * What the cart would cost; an order is numbered after its cart.
     * @param {string} visitorId
     * @returns {Order}
     */
    drawUpOrder(visitorId) {
      const { id, lines } = cartOf(visitorId)
      const subtotal = roundCents(
        lines.reduce((sum, { product, quantity }) => sum + product.price * quantity, 0),
      )
      const shipping = subtotal > 40 ? 0 : 4.9
      const tax = roundCents(subtotal * 0.07)
      return {
        id: `order-${id}`,
        lines,
        subtotal,
        shipping,
        tax,
        total: roundCents(subtotal + shipping + tax),
      }
    },

    /** @param {string} visitorId */
    emptyCart(visitorId) {
      carts.delete(visitorId)
    },

    /**
     * @param {string} visitorId
     * @param {{ email: string, name: string, company: string }} details
     * @returns {Customer | undefined} Nothing when the address is taken.
     */
    signUp(visitorId, details) {
      if (customers.has(details.email)) return undefined
      const customer = { ...details, id: `customer-${customers.size + 1}`, createdAt: new Date() }
      customers.set(details.email, customer)
      signedIn.set(visitorId, customer)
      return customer
    },

    /**
     * A real shop would ask for a password.
     * @param {string} visitorId
     * @param {string} email
     * @returns {Customer | undefined} Nothing when nobody is known by that address.
     */
    signIn(visitorId, email) {
      const customer = customers.get(email)
      if (customer) signedIn.set(visitorId, customer)
      return customer
    },

    /** @param {string} visitorId */
    signOut(visitorId) {
      signedIn.delete(visitorId)
    },
  }
}

/** @param {number} amount */
const roundCents = (amount) => Math.round(amount * 100) / 100
