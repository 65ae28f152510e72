import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Context, DestinationMiddlewareFunction } from '../../src'
import { applyDestinationMiddleware } from '../../src/middleware/apply-destination-middleware'
import { startServer, usualSettings } from '../client/support/fake-server'
import { load, plugin, settled, useFreshPages } from '../client/support/start-page'

useFreshPages()
afterEach(() => vi.doUnmock('../../src/filters/destination-filter'))

const dropForWeb = {
  destinationName: 'Web',
  matchers: [{ type: 'fql', ir: '["=","event",{"value":"Secret"}]' }],
  transformers: [[{ type: 'drop' }]],
}

function destination(name: string) {
  const middlewares: DestinationMiddlewareFunction[] = []
  const seen: unknown[] = []
  return {
    seen,
    addMiddleware: (...added: DestinationMiddlewareFunction[]) => void middlewares.push(...added),
    ...plugin({
      name,
      type: 'destination',
      async track(ctx: Context) {
        const own = await applyDestinationMiddleware(ctx, name, middlewares)
        if (own) seen.push(own.event.event)
        return ctx
      },
    }),
  }
}

async function startClient(routingRules: unknown[], ...plugins: ReturnType<typeof destination>[]) {
  const server = startServer()
  server.settings = { ...usualSettings, middlewareSettings: { routingRules } }
  const [analytics] = await load({}, { plugins })
  return { server, analytics }
}

describe('the destination filters of a source', () => {
  it('hold for destinations of the page, also for those that come later, and never for the Tracking API', async () => {
    const [web, other] = [destination('Web'), destination('Other')]
    const forAll = { ...dropForWeb, destinationName: undefined }
    const { server, analytics } = await startClient([dropForWeb, forAll], web)
    await analytics.register(other)
    await analytics.track('Secret')
    await analytics.track('Open')

    expect([web.seen, other.seen]).toEqual([['Open'], ['Open']])
    expect(server.names).toEqual(['Secret', 'Open'])
  })

  it('come before middleware of the page', async () => {
    const web = destination('Web')
    const { analytics } = await startClient([dropForWeb], web)
    const middleware = vi.fn<DestinationMiddlewareFunction>(({ payload, next }) => next(payload))
    await analytics.addDestinationMiddleware('Web', middleware)
    await analytics.track('Secret')

    expect(middleware).not.toHaveBeenCalled()
  })

  it('that cannot be loaded hold back what their destinations get, and nobody else waits for them', async () => {
    vi.doMock('../../src/filters/destination-filter', () => {
      throw new TypeError('Failed to fetch dynamically imported module')
    })
    const [web, other] = [destination('Web'), destination('Other')]
    const { server, analytics } = await startClient([dropForWeb], web, other)
    const failed = vi.fn()
    analytics.queue.on('destination_failure', failed)
    await analytics.track('Open')
    expect([web.seen, other.seen, server.names]).toEqual([[], ['Open'], ['Open']])
    expect(failed).toHaveBeenCalledOnce()

    vi.doUnmock('../../src/filters/destination-filter')
    await settled()
    await analytics.track('Secret')
    await analytics.track('Later')

    expect(web.seen).toEqual(['Later'])
  })

  it('that are none do nothing', async () => {
    const web = destination('Web')
    const { analytics } = await startClient('none' as never, web)
    await analytics.track('Open')

    expect(web.seen).toEqual(['Open'])
  })
})
