import { describe, expect, it } from 'vitest'
import type { Analytics, Context, DestinationMiddlewareFunction, Plugin } from '../../src'
import { applyDestinationMiddleware } from '../../src/middleware/apply-destination-middleware'
import { startServer } from '../client/support/fake-server'
import { load, plugin, useFreshPages } from '../client/support/start-page'

useFreshPages()

/** A destination that lets middleware see what it gets, as those of device mode do. */
function destination(name: string) {
  const middlewares: DestinationMiddlewareFunction[] = []
  const got: unknown[] = []
  return {
    got,
    addMiddleware: (...added: DestinationMiddlewareFunction[]) => void middlewares.push(...added),
    ...plugin({
      name,
      type: 'destination',
      async track(ctx: Context) {
        const own = await applyDestinationMiddleware(ctx, name, middlewares)
        if (own) got.push(own.event.properties)
        return ctx
      },
    }),
  }
}

const adding =
  (key: string): DestinationMiddlewareFunction =>
  ({ payload, integration, next }) => {
    payload.obj.properties = { ...payload.properties(), [key]: integration }
    next(payload)
  }

async function startClient(...plugins: Plugin[]): Promise<Analytics> {
  startServer()
  const [analytics] = await load({}, { plugins })
  return analytics
}

describe('destination middleware of a client', () => {
  it('sees what goes to destinations of its name, in any case, and to no other', async () => {
    const [web, other] = [destination('Web Push'), destination('Other')]
    const analytics = await startClient(web, other)
    await analytics.addDestinationMiddleware('web PUSH', adding('a'), adding('b'))
    const { event } = await analytics.track('A')

    expect(web.got).toEqual([{ a: 'Web Push', b: 'Web Push' }])
    expect(other.got).toEqual([{}])
    expect(event.properties).toEqual({})
  })

  it('is there from the first event on for a destination that comes later', async () => {
    const analytics = await startClient()
    await analytics.addDestinationMiddleware('*', adding('all'))
    await analytics.addDestinationMiddleware('late', adding('own'))
    const late = destination('Late')
    analytics.register(late)
    await analytics.track('A')

    expect(late.got).toEqual([{ all: 'Late', own: 'Late' }])
  })

  it('is had once, also by a destination that is added while it is registered, or registered again', async () => {
    const once = ({ payload, next }: Parameters<DestinationMiddlewareFunction>[0]) => {
      payload.obj.properties = { count: (payload.obj.properties?.count ?? 0) + 1 }
      next(payload)
    }
    const web = destination('Web')
    const analytics = await startClient()
    const registered = analytics.register(web)
    await analytics.addDestinationMiddleware('*', once)
    await registered
    await analytics.deregister('Web')
    await analytics.register(web)
    await analytics.track('A')

    expect(web.got).toEqual([{ count: 1 }])
  })

  it('drops an event for one destination, and the others get it as it was', async () => {
    const [web, other] = [destination('Web'), destination('Other')]
    const analytics = await startClient(web, other)
    await analytics.addDestinationMiddleware('Web', adding('lost'), ({ next }) => next(null))
    const ctx = await analytics.track('A')

    expect([web.got, other.got]).toEqual([[], [{}]])
    expect(ctx.failedDelivery()).toBeUndefined()
  })

  it('that throws fails for its destination alone, which is told', async () => {
    const [web, other] = [destination('Web'), destination('Other')]
    const analytics = await startClient(web, other)
    const failed: unknown[] = []
    analytics.queue.on('destination_failure', (_, { name }, reason) => failed.push([name, String(reason)]))
    await analytics.addDestinationMiddleware('Web', () => {
      throw new Error('mine')
    })
    await analytics.track('A')

    expect([web.got, other.got]).toEqual([[], [{}]])
    expect(failed).toEqual([['Web', 'Error: mine']])
  })
})
