import { describe, expect, it, vi } from 'vitest'
import type { Analytics, Context, InitOptions, MiddlewareFunction, Plugin } from '../../src'
import { startServer, usualSettings } from './support/fake-server'
import {
  advance,
  consoleErrors,
  errorsOf,
  load,
  outbox,
  plugin,
  settled,
  stateOf,
  useFreshPages,
} from './support/start-page'

useFreshPages()

async function startClient(plugins: Plugin[] = [], options: InitOptions = {}) {
  const server = startServer()
  const [analytics] = await load(options, { plugins })
  return { server, analytics }
}

describe('a hook that makes a call of its own', () => {
  const middleware =
    (analytics: Analytics): MiddlewareFunction =>
    async ({ payload, next }) => {
      if (payload.obj.event === 'Order') await analytics.identify('42')
      next(payload)
    }

  it('and waits for it goes on at once, and the events are sent in the order of the calls', async () => {
    const { server, analytics } = await startClient()
    await analytics.addSourceMiddleware(middleware(analytics))
    const order = analytics.track('Order')
    const later = analytics.track('Later')
    await settled()

    expect(server.names).toEqual(['Order', 'identify', 'Later'])
    expect(await stateOf(order)).toHaveProperty('fulfilled')
    expect(await stateOf(later)).toHaveProperty('fulfilled')
    expect(outbox()).toEqual([])
  })

  it('knows that the event is kept when it goes on', async () => {
    const { analytics } = await startClient()
    const kept: unknown[] = []
    await analytics.register(
      plugin({
        async track(ctx) {
          if (ctx.event.event === 'Inner') return ctx
          const inner = await analytics.track('Inner')
          kept.push(
            inner.event.event,
            outbox().map(({ event, raw }) => [event, raw]),
          )
          return ctx
        },
      }),
    )
    await analytics.track('Outer')

    expect(kept).toEqual(['Inner', expect.arrayContaining([['Inner', true]])])
    await settled()
    expect(outbox()).toEqual([])
  })

  it('after having waited for something else goes on when the call has waited for a second', async () => {
    const { server, analytics } = await startClient()
    await analytics.register(
      plugin({
        type: 'before',
        async track(ctx) {
          await new Promise((resolve) => setTimeout(resolve, 100))
          if (ctx.event.event === 'Outer') await analytics.identify('42')
          return ctx
        },
      }),
    )
    const outer = analytics.track('Outer')
    await advance(1_099)
    expect(server.names).toEqual([])
    await advance(1)

    expect(server.names).toEqual(['identify', 'Outer'])
    expect(await stateOf(outer)).toHaveProperty('fulfilled')
    expect(outbox()).toEqual([])
  })

  it('without end loses nothing and leaves the others alone', async () => {
    const { server, analytics } = await startClient()
    let calls = 0
    await analytics.register(
      plugin({
        track(ctx) {
          if (ctx.event.event === 'A' && calls < 500) {
            calls++
            void analytics.track('A')
          }
          return ctx
        },
      }),
    )
    const first = analytics.track('A')
    const last = analytics.track('B')
    await advance(1_000)

    expect(server.names.filter((name) => name === 'A')).toHaveLength(501)
    expect(server.names).toContain('B')
    expect(await stateOf(first)).toHaveProperty('fulfilled')
    expect(await stateOf(last)).toHaveProperty('fulfilled')
    expect(outbox()).toEqual([])
  })
})

describe('a plugin that takes the event out of its context', () => {
  it('has it kept and sent all the same, also while it waits', async () => {
    const { server, analytics } = await startClient()
    await analytics.register(
      plugin({
        async track(ctx) {
          Object.assign(ctx, { event: null })
          await new Promise((resolve) => setTimeout(resolve, 100))
          Object.assign(ctx, { event: null })
          return ctx
        },
      }),
    )
    const tracked = analytics.track('A')
    await settled()
    expect(outbox()).toMatchObject([{ event: 'A', raw: true }])
    await advance(100)

    expect(server.names).toEqual(['A'])
    expect(await stateOf(tracked)).toHaveProperty('fulfilled')
    expect(outbox()).toEqual([])
  })
})

describe('a plugin that hangs on one event', () => {
  it('holds those behind it for a second, and no longer when it is asked again', async () => {
    const { server, analytics } = await startClient([
      plugin({
        type: 'before',
        track: (ctx) => (ctx.event.event === 'Bad' ? new Promise<never>(() => {}) : ctx),
      }),
    ])
    analytics.track('Bad')
    analytics.track('First')
    await advance(999)
    expect(server.names).toEqual([])
    await advance(1)
    expect(server.names).toEqual(['First'])
    await advance(40_000)
    await analytics.track('Second')

    expect(server.names).toEqual(['First', 'Second'])
    expect(outbox()).toMatchObject([{ event: 'Bad', raw: true }])
  })
})

describe('a plugin whose load waits', () => {
  const waiting = (wait: (analytics: Analytics) => Promise<unknown>) =>
    plugin({
      name: 'Waiting',
      async load(_, analytics: Analytics) {
        await Promise.resolve()
        await wait(analytics)
      },
      track(ctx) {
        ctx.updateEvent('properties.seen', true)
        return ctx
      },
    })

  it.each<[string, (analytics: Analytics) => Promise<unknown>, string[]]>([
    ['for a call of its own', (analytics) => analytics.track('Loaded'), ['A', 'Loaded']],
    ['for all plugins to be ready', (analytics) => analytics.ready(), ['A']],
  ])('%s holds events for a second, and they go through it', async (_, wait, names) => {
    const { server, analytics } = await startClient()
    const registered = analytics.register(waiting(wait))
    const tracked = analytics.track('A')
    await advance(999)
    expect(server.names).toEqual([])
    await advance(1)

    expect(await stateOf(registered)).toHaveProperty('fulfilled')
    expect(await stateOf(tracked)).toHaveProperty('fulfilled')
    expect(server.names).toEqual(names)
    expect(server.events.map(({ properties }) => properties)).toEqual(names.map(() => ({ seen: true })))
    expect(analytics.failedInitializations).toEqual([])
    expect(outbox()).toEqual([])
  })

  it('for less than a second has calls resolve when their events are delivered', async () => {
    const { server, analytics } = await startClient()
    void analytics.register(waiting(() => new Promise((resolve) => setTimeout(resolve, 900))))
    const tracked = analytics.track('A')
    await advance(900)

    expect(await stateOf(tracked)).toHaveProperty('fulfilled')
    expect(server.names).toEqual(['A'])
  })
})

describe('an entry of `plugins` that is no plugin', () => {
  const unfit: [string, unknown, string[]][] = [
    ['null', null, []],
    ['an empty object', {}, []],
    ['a list', [], []],
    ['one without a type', { name: 'Odd', load: async () => {} }, ['Odd']],
    ['one without a name', { type: 'before', load: async () => {} }, []],
    [
      'one that cannot be read',
      new Proxy(
        {},
        {
          get() {
            throw new Error('mine')
          },
        },
      ),
      [],
    ],
  ]

  it.each(unfit)('is told of and left out, and events flow: %s', async (_, entry, names) => {
    const server = startServer()
    const browser = load({}, { plugins: [entry as Plugin, plugin({ name: 'Fine' })] })
    const errors = errorsOf(browser)
    await browser.track('A')
    const [analytics] = await browser

    expect(server.names).toEqual(['A'])
    expect(analytics.queue.plugins.map(({ name }) => name)).toEqual(['Page Enrichment', 'Segment.io', 'Fine'])
    expect(analytics.failedInitializations).toEqual(names)
    expect(errors).toMatchObject([[{ code: 'initialization_failure', reason: expect.any(Error) }]])
    expect(consoleErrors()).toHaveLength(1)
    await expect(analytics.register(entry as Plugin)).rejects.toThrow()
  })
})

it.each([null, {}, 'Acme', 5])('`plugins` that are no list are none: %o', async (plugins) => {
  const { server, analytics } = await startClient(plugins as never)
  await analytics.track('A')

  expect(server.names).toEqual(['A'])
})

describe('a destination and its middleware', () => {
  const rules = { middlewareSettings: { routingRules: [{ matchers: [], transformers: [] }] } }

  it('is used without if its `addMiddleware` is no function', async () => {
    const server = startServer()
    const track = vi.fn((ctx: Context) => ctx)
    const odd = { ...plugin({ name: 'Odd', type: 'destination', track }), addMiddleware: null }
    const [analytics] = await load({}, { plugins: [odd], cdnSettings: { ...usualSettings, ...rules } })
    await analytics.addDestinationMiddleware('*', () => {})
    await analytics.track('A')

    expect(track).toHaveBeenCalledOnce()
    expect(server.names).toEqual(['A'])
    expect(analytics.failedInitializations).toEqual([])
  })

  const refusing = () => ({
    ...plugin({ name: 'Odd', type: 'destination' }),
    addMiddleware() {
      throw new Error('mine')
    },
  })

  it('is left out if it does not take it, and the others get theirs', async () => {
    const { server, analytics } = await startClient()
    const errors = errorsOf(analytics)
    const addMiddleware = vi.fn()
    await analytics.addDestinationMiddleware('*', () => {})
    await analytics.register(refusing(), {
      ...plugin({ name: 'Fine', type: 'destination' }),
      addMiddleware,
    } as Plugin)
    await analytics.track('A')

    expect(analytics.queue.plugins.map(({ name }) => name).slice(2)).toEqual(['Fine'])
    expect(addMiddleware).toHaveBeenCalledOnce()
    expect(analytics.failedInitializations).toEqual(['Odd'])
    expect(errors).toMatchObject([[{ code: 'initialization_failure', reason: new Error('mine') }]])
    expect(server.names).toEqual(['A'])
  })

  it('is left out if it does not take what comes later', async () => {
    const { analytics } = await startClient([refusing()])
    await analytics.addDestinationMiddleware('odd', () => {})

    expect(analytics.queue.plugins).toHaveLength(2)
    expect(analytics.failedInitializations).toEqual(['Odd'])
  })

  it.each<[string, unknown[], string]>([
    ['without a name', [() => {}], 'name'],
    ['that is no function', ['*', 'fn'], 'middleware'],
  ])('is refused %s, and nothing comes of it', async (_, args, field) => {
    const { server, analytics } = await startClient()
    const added: Promise<unknown> = Reflect.apply(analytics.addDestinationMiddleware, analytics, args)

    await expect(added).rejects.toMatchObject({ name: 'ValidationError', field })
    await analytics.register(plugin({ name: 'Later', type: 'destination' }))
    await analytics.track('A')
    expect(server.names).toEqual(['A'])
    expect(analytics.queue.plugins).toHaveLength(3)
  })

  it('of the source is refused if it is no function', async () => {
    const { analytics } = await startClient()

    await expect(analytics.addSourceMiddleware('fn' as never)).rejects.toMatchObject({ field: 'middleware' })
    expect(analytics.queue.plugins).toHaveLength(2)
  })
})
