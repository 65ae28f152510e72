/** What the shop answers, and what it tells about it: the events of the Segment e-commerce specification. */
import * as pages from './pages.js'
import { currency, findProduct, products, searchProducts } from './shop.js'

/**
 * One request, read and ready to be answered.
 * @typedef {object} Visit
 * @property {string} visitorId
 * @property {URL} url
 * @property {string} id The part of the path after the route: the product of `/products/p1`.
 * @property {URLSearchParams} form
 * @property {ReturnType<typeof import('./shop.js').createShop>} shop
 * @property {() => ReturnType<ReturnType<typeof import('./analytics.js').createShopAnalytics>['of']>} tell
 *   The calls for whoever the visitor is now.
 */

/**
 * @typedef {{ html: string, status?: number } | { location: string } | { json: unknown }} Answer
 * @typedef {(visit: Visit) => Answer} Route
 */

/** @type {Record<string, Route>} */
export const routes = {
  'GET /': ({ tell }) => {
    tell().page('Home')
    tell().track('Product List Viewed', { list_id: 'all', products: products.map(describeProduct) })
    return { html: pages.list('Tea and what goes with it', products) }
  },

  'GET /search': ({ url, tell }) => {
    const query = url.searchParams.get('q') ?? ''
    tell().page('Search', { query })
    tell().track('Products Searched', { query })
    return { html: pages.list(`Results for “${query}”`, searchProducts(query)) }
  },

  'GET /products': ({ id, tell }) => {
    const product = findProduct(id)
    if (!product) return notFound
    tell().page('Product', { product_id: product.id })
    tell().track('Product Viewed', { ...describeProduct(product), currency, value: product.price })
    return { html: pages.product(product) }
  },

  'GET /cart': ({ visitorId, shop, tell }) => {
    const { id, lines } = shop.cartOf(visitorId)
    tell().page('Cart')
    tell().track('Cart Viewed', { cart_id: id, products: lines.map(describeLine) })
    return { html: pages.cart(lines) }
  },

  'POST /cart': ({ visitorId, form, shop, tell }) => {
    const product = findProduct(form.get('product') ?? '')
    if (!product) return notFound
    shop.addToCart(visitorId, product)
    tell().track('Product Added', {
      cart_id: shop.cartOf(visitorId).id,
      ...describeLine({ product, quantity: 1 }),
      currency,
    })
    return { location: '/cart' }
  },

  'POST /remove': ({ visitorId, form, shop, tell }) => {
    const { id: cartId, lines } = shop.cartOf(visitorId)
    const line = lines.find(({ product }) => product.id === form.get('product'))
    if (!line) return notFound
    shop.removeFromCart(visitorId, line.product)
    tell().track('Product Removed', { cart_id: cartId, ...describeLine(line), currency })
    return { location: '/cart' }
  },

  'GET /checkout': ({ visitorId, shop, tell }) => {
    const order = shop.drawUpOrder(visitorId)
    if (order.lines.length === 0) return { location: '/cart' }
    tell().page('Checkout')
    tell().track('Checkout Started', { ...describeOrder(order), value: order.total })
    return { html: pages.checkout(order) }
  },

  'POST /checkout': ({ visitorId, shop, tell }) => {
    const order = shop.drawUpOrder(visitorId)
    if (order.lines.length === 0) return { location: '/cart' }
    shop.emptyCart(visitorId)
    // Told by the server, where the order is made: a browser may close, or block, before it says so.
    tell().track('Order Completed', {
      ...describeOrder(order),
      checkout_id: order.id,
      subtotal: order.subtotal,
      total: order.total,
    })
    return { html: pages.thanks(order) }
  },

  'GET /account': ({ visitorId, shop, tell }) => {
    tell().page('Account')
    return { html: pages.account(shop.customerOf(visitorId)) }
  },

  'POST /sign-up': ({ visitorId, form, shop, tell }) => {
    const email = form.get('email') ?? ''
    const name = form.get('name') ?? ''
    const company = form.get('company') ?? ''
    const customer = email && shop.signUp(visitorId, { email, name, company })
    if (!customer) return { html: pages.message('This address cannot be used.'), status: 409 }
    // First who they are, then what they did.
    tell().identify(customer)
    if (company) tell().group(company)
    tell().track('Signed Up', { email, type: company ? 'business' : 'private' })
    return { location: '/account' }
  },

  'POST /sign-in': ({ visitorId, form, shop, tell }) => {
    const customer = shop.signIn(visitorId, form.get('email') ?? '')
    if (!customer) return { html: pages.message('Nobody is known by this address.'), status: 401 }
    tell().identify(customer)
    tell().track('Signed In', { username: customer.email })
    return { location: '/account' }
  },

  'POST /sign-out': ({ visitorId, shop, tell }) => {
    const customer = shop.customerOf(visitorId)
    // Told before the shop forgets who it was.
    if (customer) tell().track('Signed Out', { username: customer.email })
    shop.signOut(visitorId)
    return { location: '/' }
  },
}

/** @type {Answer} */
export const notFound = { html: pages.message('There is nothing here.'), status: 404 }

/** @param {import('./shop.js').Product} product */
function describeProduct({ id, sku, name, category, brand, price }) {
  return { product_id: id, sku, name, category, brand, price, url: `/products/${id}` }
}

/** @param {import('./shop.js').CartLine} line */
const describeLine = ({ product, quantity }) => ({ ...describeProduct(product), quantity })

/** @param {import('./shop.js').Order} order */
function describeOrder({ id, lines, subtotal, shipping, tax }) {
  return { order_id: id, revenue: subtotal, shipping, tax, currency, products: lines.map(describeLine) }
}
