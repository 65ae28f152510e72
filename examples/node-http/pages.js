/** The shop's pages: plain HTML, every value escaped. */
import { currency } from './shop.js'

/**
 * @typedef {import('./shop.js').Product} Product
 * @typedef {import('./shop.js').CartLine} CartLine
 * @typedef {import('./shop.js').Order} Order
 * @typedef {import('./shop.js').Customer} Customer
 */

/**
 * @param {string} title
 * @param {Product[]} products
 */
export const list = (title, products) =>
  layout(title, [
    '<form action="/search"><input name="q" aria-label="Search"> <button>Search</button></form>',
    `<ul>${products.map((one) => `<li><a href="/products/${one.id}">${escapeHtml(one.name)}</a> ${price(one.price)}</li>`).join('')}</ul>`,
  ])

/** @param {Product} one */
export const product = (one) =>
  layout(one.name, [
    `<p>${escapeHtml(one.brand)} · ${price(one.price)}</p>`,
    button('/cart', 'Add to cart', one.id),
  ])

/** @param {CartLine[]} lines */
export const cart = (lines) =>
  layout('Your cart', [
    `<ul>${lines.map((line) => `<li>${lineText(line)} ${button('/remove', 'Remove', line.product.id)}</li>`).join('')}</ul>`,
    lines.length > 0 ? '<p><a href="/checkout">Check out</a></p>' : '<p>It is empty.</p>',
  ])

/** @param {Order} order */
export const checkout = (order) =>
  layout('Check out', [
    `<ul>${order.lines.map((line) => `<li>${lineText(line)}</li>`).join('')}</ul>`,
    `<p>Shipping ${price(order.shipping)}, tax ${price(order.tax)}, in all ${price(order.total)}</p>`,
    button('/checkout', 'Order and pay'),
  ])

/** @param {Order} order */
export const thanks = (order) => layout('Thank you', [`<p>${escapeHtml(order.id)} is on its way.</p>`])

/** @param {Customer | undefined} customer */
export const account = (customer) =>
  customer
    ? layout(`Hello, ${customer.name}`, [button('/sign-out', 'Sign out')])
    : layout('Your account', [
        '<form method="post" action="/sign-up">',
        ...['name', 'email', 'company'].map((name) => `<label>${name} <input name="${name}"></label>`),
        '<button>Sign up</button></form>',
        '<form method="post" action="/sign-in"><label>email <input name="email"></label> <button>Sign in</button></form>',
      ])

/** @param {string} text */
export const message = (text) => layout(text, [])

/**
 * @param {string} title
 * @param {string[]} body
 */
const layout = (title, body) => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escapeHtml(title)}</title>
<nav><a href="/">Shop</a> · <a href="/cart">Cart</a> · <a href="/account">Account</a></nav>
<h1>${escapeHtml(title)}</h1>
${body.join('\n')}
</html>
`

/**
 * @param {string} action
 * @param {string} label
 * @param {string} [productId]
 */
function button(action, label, productId) {
  const field = productId ? `<input type="hidden" name="product" value="${productId}">` : ''
  return `<form method="post" action="${action}">${field}<button>${label}</button></form>`
}

/** @param {CartLine} line */
const lineText = ({ product: one, quantity }) => `${quantity} × ${escapeHtml(one.name)}, ${price(one.price)}`

/** @param {number} amount */
const price = (amount) => `${amount.toFixed(2)} ${currency}`

/** @param {string} text */
const escapeHtml = (text) => text.replaceAll(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)
