import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Analytics, InitOptions, MiddlewareFunction } from '../../src'
import { startServer } from '../client/support/fake-server'
import { advance, load, outbox, plugin, stateOf, useFreshPages } from '../client/support/start-page'

useFreshPages()
afterEach(() => vi.doUnmock('../../src/middleware/run-source-middleware'))

async function startClient(options: InitOptions = {}) {
  const server = startServer()
  const [analytics] = await load(options)
  return { server, analytics }
}

const passing: MiddlewareFunction = ({ payload, next }) => next(payload)
const broken = () => {
  throw new Error('broken')
}

async function trackedWith(analytics: Analytics, ...middleware: MiddlewareFunction[]) {
  for (const run of middleware) await analytics.addSourceMiddleware(run)
  return analytics.track('A', { total: 1 })
}

describe('source middleware', () => {
  it('hands on what it changes, or another event', async () => {
    const { server, analytics } = await startClient()
    await trackedWith(
      analytics,
      ({ payload, next }) => {
        payload.obj.properties = { total: 2 }
        next(payload)
      },
      async ({ payload, next }) => {
        await Promise.resolve()
        next({ ...payload, obj: { ...payload.obj, event: `${payload.event()} changed` } })
      },
    )

    expect(server.events).toMatchObject([{ event: 'A changed', properties: { total: 2 } }])
  })

  it.each<[string, MiddlewareFunction]>([
    ['never calls next', () => {}],
    ['calls next with null', ({ next }) => next(null)],
    [
      'calls next with null and goes on',
      ({ payload, next }) => {
        next(null)
        next(payload)
      },
    ],
    [
      'drops what it has let go',
      ({ payload, next }) => {
        next(payload)
        next(null)
      },
    ],
    ['drops when it has waited', async ({ next }) => next(await Promise.resolve(null))],
  ])('that %s drops the event for good', async (_, middleware) => {
    const { server, analytics } = await startClient()
    const later = vi.fn(passing)
    const ctx = await trackedWith(analytics, middleware, later)
    await advance(3_600_000)

    expect(later).not.toHaveBeenCalled()
    expect(server.requests).toEqual([])
    expect(outbox()).toEqual([])
    expect(ctx.failedDelivery()).toMatchObject({ reason: { type: 'middleware_cancellation', retry: false } })
  })

  it('leaves no trace in an event that it drops', async () => {
    const { analytics } = await startClient()
    const ctx = await trackedWith(analytics, ({ payload }) => {
      payload.obj.properties = { total: 'changed' }
      Object.assign(payload.obj.context ?? {}, { changed: true })
    })

    expect(ctx.event.properties).toEqual({ total: 1 })
    expect(ctx.event.context).not.toHaveProperty('changed')
  })

  it('that throws has the event tried again, as it was before', async () => {
    const { server, analytics } = await startClient()
    let attempts = 0
    await analytics.addSourceMiddleware(({ payload, next }) => {
      attempts++
      const { properties = {} } = payload.obj
      properties.total++
      if (attempts < 3) throw new Error('broken')
      next(payload)
    })
    analytics.track('A', { total: 1 })
    expect(outbox().map(({ text }) => JSON.parse(text.slice(4)).properties)).toEqual([{ total: 1 }])
    await advance(60_000)

    expect(server.events.map(({ properties }) => properties)).toEqual([{ total: 2 }])
    expect(outbox()).toEqual([])
  })

  it('is not seen twice in an event that one after it has tried again', async () => {
    const { server, analytics } = await startClient()
    const append =
      (text: string): MiddlewareFunction =>
      ({ payload, next }) => {
        payload.obj.event += text
        next(payload)
      }
    const failingTwice = vi.fn(append(' 3')).mockImplementationOnce(broken).mockImplementationOnce(broken)
    const tracked = trackedWith(analytics, append(' 1'), append(' 2'), failingTwice)
    await advance(60_000)
    await tracked

    expect(failingTwice).toHaveBeenCalledTimes(3)
    expect(server.names).toEqual(['A 1 2 3'])
  })

  it.each([
    ['throws', broken],
    ['rejects', async () => broken()],
  ])('that always %s keeps the event back, and it fails in the end', async (_, middleware) => {
    const { server, analytics } = await startClient({ retryQueue: false })
    const ctx = await trackedWith(analytics, middleware)

    expect(server.requests).toEqual([])
    expect(ctx.failedDelivery()).toMatchObject({ reason: { message: 'broken' } })
  })

  it('that hands on no payload is taken for one that throws', async () => {
    const { server, analytics } = await startClient({ retryQueue: false })
    const ctx = await trackedWith(analytics, ({ payload, next }) => next(payload.obj as never))

    expect(server.requests).toEqual([])
    expect(ctx.failedDelivery()).toMatchObject({ reason: { name: 'TypeError' } })
  })

  it('lets an event go on when next is called without anything, as older libraries do', async () => {
    const { server, analytics } = await startClient()
    await trackedWith(analytics, ({ payload, next }) => {
      payload.obj.event = 'Changed'
      ;(next as () => void)()
    })

    expect(server.names).toEqual(['Changed'])
  })

  it('that calls next when it is over drops the event, and is told so', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
    const { server, analytics } = await startClient()
    await trackedWith(analytics, ({ payload, next }) => void setTimeout(next, 50, payload))
    await analytics.track('B')
    await advance(50)

    expect(server.requests).toEqual([])
    expect(warn.mock.calls.map(([text]) => text)).toEqual([expect.stringContaining('next()')])
  })

  it('that waits keeps the order of events', async () => {
    const { server, analytics } = await startClient()
    await analytics.addSourceMiddleware(async ({ payload, next }) => {
      if (payload.event() === 'Slow') await new Promise((resolve) => setTimeout(resolve, 500))
      next(payload)
    })
    analytics.track('Slow')
    analytics.track('Fast')
    await advance(500)

    expect(server.names).toEqual(['Slow', 'Fast'])
  })

  it('is told of the destinations that were there when it came', async () => {
    const { analytics } = await startClient()
    await analytics.register(plugin({ name: 'Web', type: 'destination' }))
    const middleware = vi.fn(passing)
    await trackedWith(analytics, middleware)

    expect(middleware.mock.calls[0]?.[0].integrations).toEqual({ 'Segment.io': true, Web: true })
  })

  it('is a plugin that can be taken out by its name', async () => {
    const { server, analytics } = await startClient()
    const dropAll: MiddlewareFunction = () => {}
    await analytics.addSourceMiddleware(dropAll)
    await analytics.deregister('Source Middleware dropAll')
    await analytics.track('A')

    expect(server.names).toEqual(['A'])
  })
})

describe('source middleware that cannot be loaded yet', () => {
  it('keeps events back until it can, so that none goes past it', async () => {
    vi.doMock('../../src/middleware/run-source-middleware', () => {
      throw new TypeError('Failed to fetch dynamically imported module')
    })
    const { server, analytics } = await startClient()
    const dropping = vi.fn<MiddlewareFunction>(() => {})
    await analytics.addSourceMiddleware(dropping)
    const tracked = analytics.track('A')
    await advance(1)
    expect([await stateOf(tracked), server.requests, outbox().length]).toEqual(['pending', [], 1])

    vi.doUnmock('../../src/middleware/run-source-middleware')
    // Step by step: modules come in real time.
    for (let second = 0; second < 10; second++) await advance(1_000)

    expect(dropping).toHaveBeenCalledTimes(1)
    expect(server.requests).toEqual([])
    expect(outbox()).toEqual([])
  })
})
