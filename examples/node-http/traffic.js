/**
 * Visitors for the shop: they look around, fill carts, sign up, order. The same seed brings the same visitors.
 *
 *     node traffic.js --shop http://127.0.0.1:3000 --visitors 60 --seed 7 --seconds 30
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'

const { values } = parseArgs({
  options: {
    shop: { type: 'string', default: 'http://127.0.0.1:3000' },
    visitors: { type: 'string', default: '60' },
    seed: { type: 'string', default: '7' },
    seconds: { type: 'string', default: '30' },
  },
})
const shop = values.shop
const visitors = Number(values.visitors)
const seed = Number(values.seed)
const endsAt = Date.now() + Number(values.seconds) * 1000

// Each visitor draws from a row of chances of its own, so that it does the same however many are in the shop with it.
const waiting = Array.from({ length: visitors }, (_, index) => index).values()
let requests = 0
let faults = 0
await Promise.all(Array.from({ length: 6 }, letVisitorsIn))
console.log(`${visitors} visitors made ${requests} requests, ${faults} of them in vain`)
process.exitCode = faults > 0 ? 1 : 0

async function letVisitorsIn() {
  for (const index of waiting) {
    if (Date.now() > endsAt) return
    await visit(index)
  }
}

/** @param {number} index */
async function visit(index) {
  const random = createRandom(seed * 1_000 + index)
  const happens = (/** @type {number} */ share) => random() < share
  const someProduct = () => `p${1 + Math.floor(random() * 8)}`
  const { get, post } = openBrowser(random)
  const email = `visitor-${index}@example.com`
  const company = happens(0.3) ? 'Harbour Trading' : ''

  await get('/')
  if (happens(0.4)) await get(happens(0.5) ? '/search?q=tea' : '/search?q=pot')

  const looked = [someProduct(), someProduct(), someProduct()].slice(0, 1 + Math.floor(random() * 3))
  for (const product of looked) await get(`/products/${product}`)
  if (happens(0.3)) return

  for (const product of looked) await post('/cart', { product })
  if (happens(0.6)) await post('/sign-up', { name: `Visitor ${index}`, email, company })
  if (looked.length > 1 && happens(0.2)) await post('/remove', { product: String(looked[0]) })
  if (happens(0.4)) return

  await get('/checkout')
  await post('/checkout', {})
  if (happens(0.3)) await post('/sign-out', {})
}

/**
 * As much of a browser as the shop needs: it keeps the cookie, follows redirects and takes its time.
 * @param {() => number} random
 */
function openBrowser(random) {
  let cookie = ''
  let referer = ''

  /**
   * @param {string} path
   * @param {RequestInit} [init]
   */
  async function go(path, init = {}) {
    await sleep(20 + random() * 80)
    const response = await fetch(new URL(path, shop), {
      ...init,
      headers: { 'User-Agent': 'traffic/1.0', 'Accept-Language': 'en-GB,en', cookie, referer },
    })
    await response.text()
    requests++
    if (!response.ok) faults++
    cookie = response.headers.getSetCookie()[0]?.split(';')[0] ?? cookie
    referer = response.url
  }

  return {
    /** @param {string} path */
    get: (path) => go(path),

    /**
     * @param {string} path
     * @param {Record<string, string>} fields
     */
    post: (path, fields) => go(path, { method: 'POST', body: new URLSearchParams(fields) }),
  }
}

/**
 * Chance that repeats itself: mulberry32, good enough for shoppers.
 * @param {number} state
 */
function createRandom(state) {
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}
