/** A server with the clients that Typewriter generated from a tracking plan. */
import { Analytics, type TrackParams } from '@segment/analytics-node'
import checked, * as development from 'typewriter-client/node-development'
import shop, * as production from 'typewriter-client/node-production'

const order = { order_id: 'o-1', total: 9.5, products: [{ sku: 'kettle', quantity: 2 }] }

/** What callers may not do; the types have to say so. */
export function wrongly(params: TrackParams): void {
  // @ts-expect-error: an event is somebody's
  shop.cartViewed({ properties: {} })
  // @ts-expect-error: an order has an id
  shop.orderCompleted({ userId: 'ada', properties: { total: 9.5 } })
  // @ts-expect-error: what is tracked has properties
  checked.cartViewed(params)
  // @ts-expect-error: this is no client
  production.setTypewriterOptions({ analytics: {} })
}

/** Tracks with both clients; answers what development found wrong, and how the callbacks were called. */
export async function run(host: string): Promise<unknown> {
  const analytics = new Analytics({ writeKey: 'dev', host, flushAt: 2, flushInterval: 50 })
  const violations: unknown[] = []
  const told: unknown[] = []
  const failures: string[] = []
  try {
    shop.cartViewed({ userId: 'ada', properties: {} })
  } catch (cause) {
    failures.push(String(cause).split('\n', 1).join())
  }

  production.setTypewriterOptions({ analytics })
  shop.orderCompleted(
    {
      userId: 'ada',
      properties: { ...order, currency: production.Currency.Eur },
      context: { ip: '0.0.0.0' },
      timestamp: new Date('2020-01-02T03:04:05.000Z'),
      integrations: { All: true },
    },
    (error, ctx) => told.push([error ?? null, ctx?.event.event]),
  )
  shop.cartViewed({ anonymousId: 'visitor', properties: {}, messageId: 'given' })
  Reflect.get(shop, 'notPlanned')()

  development.setTypewriterOptions({
    analytics,
    onViolation: (message, found) => violations.push(message.event, ...found.map(({ message }) => message)),
  })
  checked.orderCompleted({ userId: 'ada', properties: order })
  Reflect.apply(checked.orderCompleted, checked, [{ userId: 'ada', properties: { total: 'much' } }])
  await analytics.closeAndFlush()
  return { violations, told, failures }
}
