/** Rare turns of a page's life, in which events were lost, doubled or told of wrongly before. */
import { describe, expect, it, vi } from 'vitest'
import { type Context, ContextCancelation, type InitOptions, type SegmentioSettings } from '../../src'
import { stored } from '../identity/start-page'
import { type FakeServer, type Reply, startServer } from './support/fake-server'
import {
  advance,
  leavePage,
  load,
  outbox,
  pageThatDies,
  plugin,
  setOnline,
  settled,
  stateOf,
  useFreshPages,
} from './support/start-page'

useFreshPages()

/** A client that is complete, and all errors that it tells of. */
async function startClient(
  replies: Reply[],
  options: InitOptions = {},
  ofSource: Partial<SegmentioSettings> = {},
  integrations: object = {},
) {
  const server = startServer()
  server.script(...replies)
  server.settings = { integrations: { 'Segment.io': { apiKey: 'api-key', ...ofSource }, ...integrations } }
  const analytics = load(options)
  const errors = vi.fn()
  analytics.on('error', errors)
  const [client] = await analytics
  return { server, analytics: client, errors: errors.mock.calls }
}

const batching = (config: object = {}): InitOptions => ({
  integrations: { 'Segment.io': { deliveryStrategy: { strategy: 'batching', config } } },
})

const namesOfRequests = ({ requests }: FakeServer) =>
  requests.map(({ body }) => (body.batch ?? [body]).map(({ event }) => event))

describe('outbox', () => {
  const droppers = {
    'a plugin that answers null': plugin({ type: 'before', track: () => null }),
    'a plugin that answers null, later': plugin({ type: 'before', track: async () => null }),
    'a plugin that cancels it': plugin({
      type: 'enrichment',
      track() {
        throw new ContextCancelation({ retry: false })
      },
    }),
    'a plugin that cancels it, later': plugin({
      type: 'enrichment',
      track: () => Promise.reject(new ContextCancelation({ retry: false })),
    }),
  }

  it.each(Object.entries(droppers))(
    'that was accepted before the client was there is no longer kept when it is dropped by %s',
    async (_, dropper) => {
      const server = startServer()
      const ctx = await load({}, { plugins: [dropper] }).track('A')

      expect(ctx.event.event).toBe('A')
      expect(server.requests).toEqual([])
      expect(outbox()).toEqual([])
    },
  )

  it.each([
    ['at once', false],
    ['later', true],
  ])('is no longer kept when a source middleware drops it, %s', async (_, isAsync) => {
    const server = startServer()
    const analytics = load()
    analytics.addSourceMiddleware(({ next }) => {
      next(null)
      return isAsync ? Promise.resolve() : undefined
    })
    await analytics.track('A')
    await analytics.track('B')

    expect(server.requests).toEqual([])
    expect(outbox()).toEqual([])
  })

  it.each([
    ['the Tracking API is switched off', { integrations: { 'Segment.io': false } }],
    ['all destinations are switched off', { integrations: { All: false } }],
  ])('that was accepted is not kept for ever when %s', async (_, options) => {
    startServer()
    const analytics = load(options)
    await analytics.track('A')
    await analytics.track('B')

    expect(outbox()).toEqual([])
  })

  it('that was accepted and is lost offline, without retries, is not kept', async () => {
    startServer().settings = 'hang'
    setOnline(false)
    const server = startServer()
    const tracked = load({ retryQueue: false }).track('A')
    await settled()

    expect((await tracked).failedDelivery()).toBeDefined()
    expect(server.requests).toEqual([])
    expect(outbox()).toEqual([])
  })

  it('that is too large is told of, and not kept', async () => {
    const server = startServer()
    const analytics = load()
    const errors = vi.fn()
    analytics.on('error', errors)
    await analytics.track('A', { text: 'x'.repeat(500_000) })

    expect(server.requests).toEqual([])
    expect(errors.mock.calls).toMatchObject([[{ code: 'delivery_failure' }]])
    expect(outbox()).toEqual([])
  })

  it('go through source middleware that was added before the client was there', async () => {
    await pageThatDies((analytics) => analytics.track('A'))
    const server = startServer()
    const analytics = load()
    analytics.register(plugin({ load: () => new Promise((resolve) => setTimeout(resolve, 100)) }))
    analytics.addSourceMiddleware(({ payload, next }) => {
      payload.obj.properties = { seen: true }
      next(payload)
    })
    await advance(200)

    expect(server.events).toMatchObject([{ event: 'A', properties: { seen: true } }])
  })

  it('do so as well where there are no locks, when the claim falls into the loading of plugins', async () => {
    await pageThatDies((analytics) => analytics.track('A'))
    Object.defineProperty(navigator, 'locks', { value: undefined, configurable: true })
    await advance(90_001)
    const server = startServer()
    const analytics = load()
    analytics.register(plugin({ load: () => new Promise((resolve) => setTimeout(resolve, 100)) }))
    analytics.addSourceMiddleware(({ payload, next }) => {
      payload.obj.properties = { seen: true }
      next(payload)
    })
    await advance(1_000)

    expect(server.events).toMatchObject([{ event: 'A', properties: { seen: true } }])
  })

  it('are dropped by the plugins of the next page for good', async () => {
    await pageThatDies((analytics) => analytics.track('A'))
    const server = startServer()
    await load({}, { plugins: [plugin({ type: 'before', track: () => null })] })
    await advance(60_000)

    expect(server.requests).toEqual([])
    expect(outbox()).toEqual([])
  })

  it('nothing is stored with `disableClientPersistence` where there are no locks', async () => {
    Object.defineProperty(navigator, 'locks', { value: undefined, configurable: true })
    startServer().script('hang')
    const analytics = load({ disableClientPersistence: true })
    analytics.track('A')
    await analytics
    await settled()

    expect(stored()).toEqual({ local: {}, cookies: {} })
  })
})

describe('delivery', () => {
  it('that the server refuses is a failure for listeners of the queue', async () => {
    const { analytics } = await startClient([400])
    const heard: string[] = []
    analytics.queue
      .on('delivery_failure', () => heard.push('failure'))
      .on('delivery_success', () => heard.push('success'))
    await analytics.track('A')
    await advance(60_000)

    expect(heard).toEqual(['failure'])
  })

  it('waits for events that plugins have', async () => {
    const { server, analytics } = await startClient([200], batching())
    let goOn = (): void => {}
    await analytics.register(
      plugin({ track: (ctx) => new Promise((resolve) => (goOn = () => resolve(ctx))) }),
    )
    analytics.track('A')
    const flushed = analytics.flush()
    await settled()
    goOn()
    await flushed

    expect(namesOfRequests(server)).toEqual([['A']])
  })
})

describe('whatever happens', () => {
  it('settings that cannot be had are told of as an error', async () => {
    const server = startServer()
    server.settings = 404
    const analytics = load()
    const errors = vi.fn()
    analytics.on('error', errors)
    await analytics

    expect(errors.mock.calls).toMatchObject([[{ code: 'settings_failure', reason: expect.any(Error) }]])
  })

  it('the promise of a call waits for its own answer after another event was refused', async () => {
    const server = startServer()
    server.script(400, 'hang')
    const [analytics] = await load()
    await analytics.track('Refused')
    const tracked = analytics.track('A')

    expect(await stateOf(tracked)).toBe('pending')
    server.answer(200)
    expect(await stateOf(tracked)).toHaveProperty('fulfilled')
  })

  it('a refused event does not end the waiting of others', async () => {
    const server = startServer()
    server.script('hang', 'hang')
    const [analytics] = await load()
    const [a, b] = [analytics.track('A'), analytics.track('B')]
    await settled()
    server.answer(400)
    await a
    expect(await stateOf(b)).toBe('pending')
    server.answer(400)

    expect((await b).failedDelivery()).toBeDefined()
  })

  it('a client without the Tracking API holds no lock', async () => {
    startServer()
    const { locks } = navigator as unknown as { locks: { held: Set<string> } }
    const analytics = load({ integrations: { 'Segment.io': false } })
    await analytics.track('A')
    window.dispatchEvent(new Event('pagehide'))
    await settled()
    expect([...locks.held]).toEqual([])
  })

  it('a page that goes to sleep before its client is there lets go of its lane', async () => {
    const server = startServer()
    server.settings = 'hang'
    const { locks } = navigator as unknown as { locks: { held: Set<string> } }
    load().track('A')
    await settled()
    expect([...locks.held]).toHaveLength(1)
    window.dispatchEvent(new Event('pagehide'))
    await settled()
    expect([...locks.held]).toEqual([])
  })

  it('a dropped event of a dead page comes back on every page', async () => {
    const server = startServer()
    server.settings = 'hang'
    load().track('A')
    await leavePage()
    server.settings = { integrations: { 'Segment.io': { apiKey: 'k' } } }
    const seen: string[] = []
    for (let n = 0; n < 3; n++) {
      await load(
        {},
        {
          plugins: [
            plugin({
              type: 'before',
              track() {
                seen.push('x')
                return null
              },
            }),
          ],
        },
      )
      await leavePage()
    }
    expect(seen).toEqual(['x'])
  })

  it('an event that gets another id from a plugin is not kept under its first one', async () => {
    const server = startServer()
    const renaming = plugin({
      track(ctx) {
        ctx.event.messageId = 'another'
        return ctx
      },
    })
    const analytics = load({}, { plugins: [renaming] })
    await analytics.track('Before')
    await analytics.track('After')

    expect(server.events.map(({ messageId }) => messageId)).toEqual(['another', 'another'])
    expect(outbox()).toEqual([])
  })

  it('an event that a plugin puts into another context is not kept when it is delivered', async () => {
    const server = startServer()
    const replacing = plugin({
      track: (ctx) => new (ctx.constructor as typeof Context)({ ...ctx.event, messageId: 'another' }),
    })
    const [analytics] = await load({}, { plugins: [replacing] })
    await analytics.track('A')

    expect(server.names).toEqual(['A'])
    expect(outbox()).toEqual([])
  })

  it('a call that switches off the Tracking API leaves nothing behind', async () => {
    startServer()
    await load().track('A', {}, { integrations: { 'Segment.io': false } })

    expect(outbox()).toEqual([])
  })
})
