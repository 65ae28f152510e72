/** Clients that Typewriter generated from a tracking plan, for production and for development. */
import { type Analytics, AnalyticsBrowser, type AnalyticsSnippet } from '@segment/analytics-next'
import checked, * as development from 'typewriter-client/web-development'
import shop, * as production from 'typewriter-client/web-production'
import { offer } from './support/scenarios'

const order = { order_id: 'o-1', total: 9.5, products: [{ sku: 'kettle', quantity: 2 }] }

/** What callers may not do; the types have to say so. */
export function wrongly(analytics: Analytics): void {
  // @ts-expect-error: an order has an id
  shop.orderCompleted({ total: 9.5 })
  // @ts-expect-error: a total is a number
  checked.orderCompleted({ order_id: 'o-1', total: '9.5' })
  // @ts-expect-error: callbacks are given nothing
  shop.cartViewed({}, {}, (ctx: { event: string }) => ctx)
  // @ts-expect-error: this is no client
  production.setTypewriterOptions({ analytics: { track: analytics.track } })
}

/** Resolves when the event has been delivered. */
const delivered = (call: (done: () => void) => void) => new Promise<void>((resolve) => call(resolve))

offer({
  async 'for production'({ settings, options }) {
    const analytics = AnalyticsBrowser.load(settings, options)
    production.setTypewriterOptions({ analytics })
    await delivered((done) =>
      shop.orderCompleted(
        { ...order, currency: production.Currency.Eur },
        { integrations: { All: true } },
        done,
      ),
    )
    await delivered((done) => shop.cartViewed({}, undefined, done))
    const [instance] = await analytics
    production.setTypewriterOptions({ analytics: instance })
    await delivered((done) =>
      production.orderCompleted({ ...order, coupon: null }, { context: { ip: '0.0.0.0' } }, done),
    )
    Reflect.get(shop, 'notPlanned')()
  },

  async 'for development'({ settings, options }) {
    const violations: unknown[] = []
    const analytics = AnalyticsBrowser.load(settings, options)
    development.setTypewriterOptions({
      analytics,
      onViolation: (message, found) => violations.push(message, ...found.map(({ message }) => message)),
    })
    await delivered((done) => checked.orderCompleted(order, {}, done))
    await delivered((done) => Reflect.apply(checked.orderCompleted, checked, [{ total: 'much' }, {}, done]))
    return violations
  },

  /** Without options it calls the page's global, which a snippet has put there, or the page itself. */
  async 'on the global'({ settings, options }) {
    const [instance] = await AnalyticsBrowser.load(settings, options)
    window.analytics = instance as unknown as AnalyticsSnippet
    await delivered((done) => shop.cartViewed({ aisle: 4 }, {}, done))
  },
})
