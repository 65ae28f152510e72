import { describe } from 'vitest'
import { agrees } from '../../src/browser/agreement'
import type { MiddlewareCall } from '../../src/browser/library'
import { npmDestination, startWith } from '../../src/browser/npm-destination'
import { fields } from '../../src/fields'

type Middleware = (call: MiddlewareCall) => unknown

const renaming =
  (text: string): Middleware =>
  ({ payload, next }) => {
    payload.obj.event += text
    next(payload)
  }

const behaviours: Record<string, Middleware> = {
  'changes the event': renaming(' changed'),
  'changes what is deep in it': ({ payload, next }) => {
    fields(fields(payload.obj.properties).cart).total = 2
    next(payload)
  },
  'puts another event in its place': ({ payload, next }) => {
    payload.obj = { ...payload.obj, event: 'Other' }
    next(payload)
  },
  'hands on a payload of its own': ({ payload, next }) => next({ obj: { ...payload.obj, event: 'Own' } }),
  waits: async ({ payload, next }) => {
    await Promise.resolve()
    renaming(' later')({ payload, next })
  },
  'calls next twice': ({ payload, next }) => {
    next(payload)
    payload.obj.event = 'Twice'
    next(payload)
  },
  'never calls next': () => {},
  'answers null': () => null,
  'calls next when it is over': ({ payload, next }) => void setTimeout(() => next(payload), 50),
  'answers null after next': ({ payload, next }) => {
    next(payload)
    return null
  },
}

const cart = { cart: { total: 1 } }

describe('source middleware', () => {
  const all = { ...behaviours, 'calls next with nothing': ({ next }: MiddlewareCall) => next(undefined) }
  for (const [behaviour, middleware] of Object.entries(all)) {
    agrees(`that ${behaviour}`, async (page) => {
      const client = await page.start()
      await page.value(client.addSourceMiddleware(middleware))
      await page.settled(client.track('E', cart))
      await page.pass(100)
      return page.sent().map(({ event, properties }) => [event, properties])
    })
  }

  agrees('that throws once has the event tried again', async (page) => {
    const client = await page.start()
    let calls = 0
    await page.value(
      client.addSourceMiddleware(({ payload, next }) => {
        calls += 1
        if (calls === 1) throw new Error('mine')
        next(payload)
      }),
    )
    void client.track('E')
    await page.pass(10_000)
    return [calls, page.sent().map(({ event }) => event)]
  })

  agrees('runs one after the other', async (page) => {
    const client = await page.start()
    for (const text of [' 1', ' 2', ' 3']) await page.value(client.addSourceMiddleware(renaming(text)))
    await page.value(client.track('E'))
    return page.sent().map(({ event }) => event)
  })
})

describe('destination middleware', () => {
  const all: Record<string, Middleware> = {
    ...behaviours,
    'calls next with null': ({ next }) => next(null),
    'calls next with nothing': ({ next }) => next(undefined),
    'lets the event go on and drops it': ({ payload, next }) => {
      next(payload)
      next(null)
    },
    throws: () => {
      throw new Error('mine')
    },
    rejects: () => Promise.reject(new Error('mine')),
  }
  for (const [behaviour, middleware] of Object.entries(all)) {
    agrees(`that ${behaviour} does so for its destination alone`, async (page) => {
      const [mine, other] = [npmDestination('Mine'), npmDestination('Other')]
      const client = await startWith(page, [mine, other])
      await page.value(client.addDestinationMiddleware('mine', middleware))
      const ctx = await page.value(client.track('E', cart))
      await page.pass(100)
      const shown = ({ event, properties }: Record<string, unknown>) => [event, properties]
      return [mine.got.map(shown), other.got.map(shown), page.sent().map(shown), shown(ctx.event)]
    })
  }

  agrees('for all runs in order with that for one, and is told of its destination', async (page) => {
    const [mine, other] = [npmDestination('Mine'), npmDestination('Other')]
    const client = await startWith(page, [mine, other])
    const told: unknown[] = []
    const noting: Middleware = ({ integration, payload, next }) => {
      told.push(integration)
      renaming(' all')({ payload, next })
    }
    await page.value(client.addDestinationMiddleware('*', noting))
    await page.value(client.addDestinationMiddleware('Mine', renaming(' 1'), renaming(' 2')))
    await page.value(client.track('E'))
    return [told, mine.got.map(({ event }) => event), other.got.map(({ event }) => event)]
  })

  agrees('does not see what goes to the Tracking API', async (page) => {
    const client = await startWith(page, [])
    await page.value(client.addDestinationMiddleware('*', () => null))
    await page.value(client.addDestinationMiddleware('Segment.io', () => null))
    await page.value(client.track('E'))
    return page.sent().map(({ event }) => event)
  })

  agrees('reads events through the payload', async (page) => {
    const mine = npmDestination('Mine')
    const client = await startWith(page, [mine])
    const seen: unknown[] = []
    await page.value(
      client.addDestinationMiddleware('Mine', ({ payload, next }) => {
        const names = [
          'type',
          'event',
          'userId',
          'email',
          'revenue',
          'traits',
          'properties',
          'products',
          'groupId',
        ]
        seen.push(names.map((name) => payload[name]?.()))
        seen.push(['properties.productId', 'context.page.url'].map((path) => payload.proxy?.(path)))
        next(payload)
      }),
    )
    await page.value(client.identify('jane@example.com'))
    await page.value(client.track('E', { product_id: 'p', revenue: '$5', email: 'joe@example.com' }))
    return seen.slice(2)
  })
})
