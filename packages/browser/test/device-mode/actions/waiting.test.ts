import { describe, expect, it, vi } from 'vitest'
import type { Context, InitOptions, Plugin, RemotePlugin } from '../../../src'
import { unloadScript } from '../../../src/page-script/load-script'
import { usualSettings } from '../../client/support/fake-server'
import { advance, leavePage, settled, stateOf, useFreshPages } from '../../client/support/start-page'
import { watchStorage } from '../../storage/browser-storage'
import { action, entry } from './support/fake-destination'
import { openPage } from './support/open-page'

useFreshPages()

const never = () => new Promise<never>(() => {})

/** An action that keeps the events it sees from the Tracking API, if they are marked for it. */
function throttle(parts: Partial<Plugin> = {}): Plugin {
  const track = (ctx: Context) => {
    if (ctx.event.event === 'Again') ctx.updateEvent('integrations', { 'Segment.io': false })
    return ctx
  }
  return action([], 'Alpha Throttle', { type: 'before', track, ...parts })
}

/** A destination whose settings ask for an action that sees events before they are sent. */
const shapingEntry = (name: string, partnerAction = 'sessionId') =>
  entry(name, { settings: { subscriptions: [{ partnerAction, enabled: true }] } })

/** Does the first event of the page wait for this destination? */
async function firstEvent({ server, analytics }: Pick<ReturnType<typeof openPage>, 'server' | 'analytics'>) {
  void analytics.track('A')
  await settled()
  return server.names.length === 0 ? 'waits' : 'goes'
}

describe('no event waits for a destination', () => {
  it.each<[string, NonNullable<RemotePlugin['settings']>]>([
    ['of which nothing is known', {}],
    ['whose settings are nonsense', { subscriptions: { partnerAction: 'sessionId' } as never }],
    ['whose actions are nonsense', { subscriptions: [null, 'sessionId', {}] as never }],
    ['whose actions are usual', { subscriptions: [{ partnerAction: 'trackEvent', enabled: true }] }],
    ['whose shaping action is off', { subscriptions: [{ partnerAction: 'sessionId', enabled: false }] }],
  ])('%s', async (_, settings) => {
    expect(await firstEvent(openPage([entry('Alpha', { settings })]))).toBe('goes')
  })

  it('that has no settings', async () => {
    const alpha = entry('Alpha')
    Reflect.deleteProperty(alpha, 'settings')
    expect(await firstEvent(openPage([alpha]))).toBe('goes')
  })

  it('however many there are, while they hang, and on each visit', async () => {
    const entries = [entry('Alpha'), entry('Beta'), entry('Gamma')]
    expect(await firstEvent(openPage(entries))).toBe('goes')
    await advance(5_000)
    await leavePage()

    expect(await firstEvent(openPage(entries))).toBe('goes')
  })
})

describe('events wait for a script that the settings ask to see them', () => {
  it.each([
    'autocaptureAttribution',
    'customAttributesSync',
    'debounce',
    'debouncePlugin',
    'enrichUser',
    'redditPlugin',
    'revUserEnrichment',
    'sessionId',
    'throttle',
  ])('by an action of the public catalogue: %s', async (partnerAction) => {
    expect(await firstEvent(openPage([shapingEntry('Alpha', partnerAction)]))).toBe('waits')
  })

  it('so that what it does before they are sent is done', async () => {
    const alpha = shapingEntry('Alpha')
    const { scripts, server, analytics } = openPage([alpha])
    void analytics.track('Again')
    void analytics.track('Other')
    await advance(900)
    expect(server.names).toEqual([])

    await scripts.arrive(alpha, () => throttle())
    expect(server.names).toEqual(['Other'])
  })

  it('for a second, all scripts together', async () => {
    const { server, analytics } = openPage(['Alpha', 'Beta', 'Gamma'].map((name) => shapingEntry(name)))
    void analytics.track('A')
    await advance(999)
    expect(server.names).toEqual([])

    await advance(1)
    expect(server.names).toEqual(['A'])
  })

  it('and not for an action to load, of a script that they would not have waited for', async () => {
    const [alpha, beta] = [shapingEntry('Alpha'), entry('Beta')]
    const { scripts, server, analytics } = openPage([alpha, beta])
    void analytics.track('A')
    await scripts.arrive(beta, () => throttle({ load: never }))
    await scripts.arrive(alpha, () => throttle())

    expect(server.names).toEqual(['A'])
  })

  it('no longer than until all of them have come or failed, and for no other', async () => {
    const [alpha, beta] = [shapingEntry('Alpha'), shapingEntry('Beta')]
    const { scripts, server, analytics } = openPage([alpha, beta, entry('Gamma')])
    void analytics.track('A')
    await scripts.arrive(alpha, () => action([], 'Alpha Send'))
    expect(server.names).toEqual([])

    await scripts.fail(beta)
    expect(server.names).toEqual(['A'])
  })
})

describe('events wait as long as the page says', () => {
  it.each([
    [0, 0],
    [300, 300],
    [5_000, 5_000],
  ])('for any script: %s ms', async (remotePluginWait, ms) => {
    const { server, analytics } = openPage([entry('Alpha')], { remotePluginWait })
    void analytics.track('A')
    if (ms > 0) {
      await advance(ms - 1)
      expect(server.names).toEqual([])
    }

    await advance(1)
    expect(server.names).toEqual(['A'])
  })

  it('or a second, for what it brings itself, if that takes its time', async () => {
    const factory = Object.assign(never, { pluginName: 'Alpha' })
    const { server, analytics } = openPage([entry('Alpha')], {}, { plugins: [factory] })
    void analytics.track('A')
    await advance(999)
    expect(server.names).toEqual([])

    await advance(1)
    expect(server.names).toEqual(['A'])
  })
})

describe('of an earlier visit it is remembered', () => {
  interface Visits {
    /** What its script leaves on the page of the first visit, after so many ms; nothing comes where there is no function. */
    factory?: () => unknown
    afterMs?: number
    first?: RemotePlugin
    second?: RemotePlugin
    options?: InitOptions
  }

  /** The same visitor comes again: does the first event wait? */
  async function secondVisit({
    factory,
    afterMs = 0,
    first = entry('Alpha'),
    second = first,
    options = {},
  }: Visits) {
    const before = openAgain(first, options)
    await advance(afterMs)
    if (factory) await before.scripts.arrive(first, factory)
    else await advance(2_000)
    await before.analytics
    await nextPage(first)
    return firstEvent(openAgain(second, options))
  }

  async function nextPage({ url }: RemotePlugin) {
    await leavePage()
    unloadScript(url)
  }

  /** With settings that are not those of the last visit. */
  const openAgain = (entry: RemotePlugin, options: InitOptions = {}) =>
    openPage([], options, { cdnSettings: { ...usualSettings, remotePlugins: [entry] } })

  const sending = () => [action([], 'Alpha Send'), action([], 'Alpha Page')]
  const shaping = () => [...sending(), throttle()]

  it.each([
    ['before', 'waits'],
    ['enrichment', 'waits'],
    ['after', 'goes'],
    ['utility', 'goes'],
  ] as const)(
    'which scripts bring actions that see events before they are sent, so that these wait: %s → %s',
    async (type, does) => {
      const factory = () => [...sending(), action([], 'Alpha Other', { type })]
      expect(await secondVisit({ factory })).toBe(does)
    },
  )

  it('which bring destinations only, whatever their settings say', async () => {
    expect(await secondVisit({ factory: sending })).toBe('goes')
    expect(await secondVisit({ factory: sending, first: shapingEntry('Alpha') })).toBe('goes')
  })

  it('and then the page need not say how long to wait', async () => {
    const options = { remotePluginWait: 5_000 }
    expect(await secondVisit({ factory: sending, options })).toBe('goes')
    expect(await secondVisit({ factory: shaping, options })).toBe('waits')
  })

  it.each<[string, Visits]>([
    ['it never came', {}],
    ['it came too late', { factory: shaping, afterMs: 1_001 }],
  ])(
    'which scripts events have waited for in vain, so that they do not wait again: %s',
    async (_, visits) => {
      expect(await secondVisit({ ...visits, first: shapingEntry('Alpha') })).toBe('goes')
    },
  )

  it('and they wait once more for one that has come in time meanwhile', async () => {
    const alpha = shapingEntry('Alpha')
    expect(await secondVisit({ first: alpha })).toBe('goes')
    await nextPage(alpha)
    const third = openAgain(alpha)
    await third.scripts.arrive(alpha, shaping)
    await nextPage(alpha)

    expect(await firstEvent(openAgain(alpha))).toBe('waits')
  })

  it('and a page that says how long to wait always does', async () => {
    const options = { remotePluginWait: 500 }
    expect(await secondVisit({ options })).toBe('waits')
  })

  it('and not if the script is another now', async () => {
    const first = shapingEntry('Alpha')
    const second = { ...first, url: `${first.url}?2` }
    expect(await secondVisit({ factory: sending, first, second })).toBe('waits')
  })

  it('and not if its settings are others now', async () => {
    const [first, { settings }] = [entry('Alpha'), shapingEntry('Alpha')]
    const second = settings ? { ...first, settings } : first
    expect(await secondVisit({ factory: sending, first, second })).toBe('waits')
  })

  it.each<InitOptions>([{ disableClientPersistence: true }, { cacheSettings: false }])(
    'unless nothing may be remembered: %o',
    async (options) => {
      expect(await secondVisit({ factory: shaping, options })).toBe('goes')
      expect(localStorage.getItem('sluice:actions:v1')).toBeNull()
    },
  )

  it('until one of them brings something else after all', async () => {
    const alpha = entry('Alpha')
    expect(await secondVisit({ factory: sending, first: alpha })).toBe('goes')
    await nextPage(alpha)
    const third = openAgain(alpha)
    await third.scripts.arrive(alpha, () => throttle())
    await nextPage(alpha)

    expect(await firstEvent(openAgain(alpha))).toBe('waits')
  })

  const remembered = () => Object.keys(JSON.parse(localStorage.getItem('sluice:actions:v1') ?? '{}'))

  it('for each source of the site', async () => {
    const [alpha, beta] = [entry('Alpha'), entry('Beta')]
    await secondVisit({ factory: shaping, first: alpha })
    await nextPage(alpha)
    await secondVisit({ factory: shaping, first: beta })
    await nextPage(beta)

    expect(await firstEvent(openAgain(alpha))).toBe('waits')
  })

  it('of the last hundred', async () => {
    const marks = Array.from({ length: 100 }, (_, index) => [`${index}`, 'sending'])
    localStorage.setItem('sluice:actions:v1', JSON.stringify(Object.fromEntries(marks)))
    await secondVisit({ factory: shaping })

    expect(remembered()).toHaveLength(100)
    expect(remembered()[0]).toBe('1')
  })

  it('and that is not written down again', async () => {
    const alpha = entry('Alpha')
    expect(await secondVisit({ factory: sending, first: alpha })).toBe('goes')
    await nextPage(alpha)
    const { localWrites } = watchStorage()
    await openAgain(alpha).scripts.arrive(alpha, sending)

    expect(localWrites.filter((line) => line.includes('sluice:actions'))).toEqual([])
  })

  it('but not of what npm brings in the stead of a script', async () => {
    const alpha = entry('Alpha')
    expect(await secondVisit({ factory: sending, first: alpha })).toBe('goes')
    await nextPage(alpha)
    const make = async () => {
      await new Promise((resolve) => setTimeout(resolve, 500))
      return throttle()
    }
    const { server, analytics } = openPage(
      [],
      {},
      {
        cdnSettings: { ...usualSettings, remotePlugins: [alpha] },
        plugins: [Object.assign(make, { pluginName: 'Alpha' })],
      },
    )
    void analytics.track('Again')
    void analytics.track('Other')
    await advance(500)

    expect(server.names).toEqual(['Other'])
  })

  it.each(['{"oh":', '["Alpha"]', '"Alpha"', 'null'])(
    'and nonsense in storage is nothing that is known: %s',
    async (text) => {
      localStorage.setItem('sluice:actions:v1', text)
      const alpha = shapingEntry('Alpha')
      const page = openPage([alpha])
      expect(await firstEvent(page)).toBe('waits')

      await page.scripts.arrive(alpha, sending)
      expect(page.server.names).toEqual(['A'])
    },
  )
})

describe('a destination whose script is late', () => {
  it('gets all events of the page, in their order, and the Tracking API and those who wait do not wait for it', async () => {
    const seen: string[] = []
    const alpha = entry('Alpha')
    const { scripts, server, analytics } = openPage([alpha])
    const tracked = [analytics.page(), analytics.track('A'), analytics.identify('U')]
    await advance(1_000)
    tracked.push(analytics.track('B'))
    await advance(5_000)
    expect(server.names).toEqual(['page', 'A', 'identify', 'B'])
    expect(await stateOf(Promise.all(tracked))).toHaveProperty('fulfilled')

    let isLoaded = () => {}
    const loading = new Promise<void>((resolve) => {
      isLoaded = resolve
    })
    await scripts.arrive(alpha, () => action(seen, 'Alpha Send', { load: () => loading }))
    void analytics.track('C')
    await settled()
    expect(seen).toEqual([])

    isLoaded()
    await settled()
    expect(seen).toEqual(['page', 'A', 'identify', 'B', 'C'].map((name) => `Alpha Send: ${name}`))
  })

  it('delays no other', async () => {
    const seen: string[] = []
    const [alpha, beta] = [entry('Alpha'), entry('Beta')]
    const { scripts, analytics } = openPage([alpha, beta])
    await scripts.arrive(beta, () => action(seen, 'Beta Send'))
    void analytics.track('A')
    await advance(1_000)

    expect(seen).toEqual(['Beta Send: A'])
  })

  it('is there under its name, and its actions stand in its place when they have come', async () => {
    const alpha = entry('Alpha')
    const { scripts, analytics } = openPage([alpha])
    await advance(1_000)
    const [client] = await analytics
    const named = () =>
      client.queue.plugins
        .filter(({ name }) => name === 'Alpha')
        .map(({ type, alternativeNames }) => [type, alternativeNames])
    expect(named()).toEqual([['destination', undefined]])

    await scripts.arrive(alpha, () => [throttle(), action([], 'Alpha Send')])
    expect(named()).toEqual([
      ['before', ['Alpha Throttle']],
      ['destination', ['Alpha Send']],
    ])
  })

  it.each<[NonNullable<InitOptions['integrations']>, string[]]>([
    [{}, ['Alpha One', 'Alpha Two']],
    [{ Alpha: false }, []],
    [{ All: false }, []],
    [{ All: false, Alpha: true }, ['Alpha One', 'Alpha Two']],
    [{ All: false, 'Alpha Two': true }, ['Alpha Two']],
    [{ 'Alpha Two': false }, ['Alpha One']],
    [{ 'Alpha One': true, 'Alpha Two': false }, ['Alpha One']],
  ])('lets each action get what is meant for it: %o → %j', async (integrations, names) => {
    const seen: string[] = []
    const alpha = entry('Alpha')
    const { scripts, analytics } = openPage([alpha])
    await advance(1_000)
    await analytics.track('A', {}, { integrations })
    await scripts.arrive(alpha, () => [action(seen, 'Alpha One'), action(seen, 'Alpha Two')])

    expect(seen).toEqual(names.map((name) => `${name}: A`))
  })

  it('gets nothing that its middleware drops, whenever that was added', async () => {
    const seen: string[] = []
    const alpha = entry('Alpha')
    const { scripts, analytics } = openPage([alpha])
    void analytics.addDestinationMiddleware('alpha', ({ payload, next }) =>
      next(payload.obj.event === 'A' ? null : payload),
    )
    await advance(1_000)
    void analytics.track('A')
    void analytics.track('B')
    void analytics.track('C')
    await analytics.addDestinationMiddleware('*', ({ payload, next }) =>
      next(payload.obj.event === 'B' ? null : payload),
    )
    await scripts.arrive(alpha, () => action(seen, 'Alpha Send'))

    expect(seen).toEqual(['Alpha Send: C'])
  })

  it('gets the last thousand events, if there are more', async () => {
    const seen: string[] = []
    const alpha = entry('Alpha')
    const { scripts, analytics } = openPage([alpha], { remotePluginWait: 0 })
    await advance(0)
    const [client] = await analytics
    for (let number = 1; number <= 1_001; number++) void client.track(`E${number}`)
    await settled()
    await scripts.arrive(alpha, () => action(seen, 'Alpha Send'))

    expect(seen).toHaveLength(1_000)
    expect(seen[0]).toBe('Alpha Send: E2')
    expect(seen.at(-1)).toBe('Alpha Send: E1001')
  })

  it('is ready when its actions are', async () => {
    const alpha = entry('Alpha')
    const { scripts, analytics } = openPage([alpha])
    await advance(1_000)
    const ready = analytics.ready()
    expect(await stateOf(ready)).toBe('pending')

    await scripts.arrive(alpha, () => action([], 'Alpha Send'))
    expect(await stateOf(ready)).toEqual({ fulfilled: expect.arrayContaining([true]) })
  })

  it('is ready at no time when it was deregistered before it came', async () => {
    const alpha = entry('Alpha')
    const { scripts, analytics } = openPage([alpha])
    const [client] = await analytics
    const ready = client.ready()
    await client.deregister('Alpha')
    expect(await stateOf(ready)).toEqual({ fulfilled: expect.arrayContaining([false]) })

    await scripts.arrive(alpha, () => action([], 'Alpha Send'))
    expect(await stateOf(client.ready())).toHaveProperty('fulfilled')
  })

  it('does not come back when it was deregistered along with another of its name', async () => {
    const seen: string[] = []
    const both = [entry('Alpha'), entry('Alpha')]
    const { scripts, analytics } = openPage(both)
    await analytics.track('A')
    await analytics.deregister('Alpha')
    for (const one of both) await scripts.arrive(one, () => action(seen, 'Alpha Send'))
    await analytics.track('B')
    await advance(1)

    expect(seen).toEqual([])
  })

  it('is unloaded when it is deregistered while it loads', async () => {
    const seen: string[] = []
    const alpha = entry('Alpha')
    const { scripts, analytics } = openPage([alpha])
    await analytics.track('A')
    const unload = vi.fn()
    let isLoaded = () => {}
    const loading = new Promise<void>((resolve) => {
      isLoaded = resolve
    })
    await scripts.arrive(alpha, () => action(seen, 'Alpha Send', { load: () => loading, unload }))
    await analytics.deregister('Alpha')
    isLoaded()
    await advance(1)

    expect(unload).toHaveBeenCalledTimes(1)
    expect(seen).toEqual([])
  })

  it('is not there at all when it was deregistered before it came', async () => {
    const seen: string[] = []
    const alpha = entry('Alpha')
    const { scripts, analytics } = openPage([alpha])
    await advance(1_000)
    await analytics.track('A')
    await analytics.deregister('Alpha')
    const load = vi.fn(async () => {})
    await scripts.arrive(alpha, () => action(seen, 'Alpha Send', { load }))
    await analytics.track('B')

    expect(seen).toEqual([])
    expect(load).not.toHaveBeenCalled()
    expect((await analytics)[0].queue.plugins.map(({ name }) => name)).not.toContain('Alpha')
  })

  it('tells of each event that it fails on', async () => {
    const alpha = entry('Alpha')
    const { scripts, analytics } = openPage([alpha])
    await advance(1_000)
    const [client] = await analytics
    const failed: unknown[] = []
    client.queue.on('destination_failure', (ctx, { name }, reason) =>
      failed.push([ctx.event.event, name, reason]),
    )
    await client.track('A')
    await client.track('B')
    const reason = new Error('mine')
    const track = (ctx: Context) => {
      if (ctx.event.event === 'A') throw reason
      return ctx.cancel()
    }
    await scripts.arrive(alpha, () => action([], 'Alpha Send', { track }))

    expect(failed).toEqual([['A', 'Alpha', reason]])
  })

  it('gets what has been sent as its own `before` and `enrichment` actions would have made it', async () => {
    const seen: unknown[] = []
    const alpha = entry('Alpha')
    const { scripts, server, analytics } = openPage([alpha])
    const tracked = [analytics.track('A', { price: 1 }), analytics.track('Again'), analytics.track('C')]
    const [ctx] = await Promise.all(tracked)
    const adds = (key: string) => (ctx: Context) => {
      ctx.updateEvent(`properties.${key}`, Object.keys(ctx.event.properties ?? {}).length)
      return ctx
    }
    await scripts.arrive(alpha, () => [
      action([], 'Alpha Send', {
        track(ctx) {
          seen.push([ctx.event.event, ctx.event.properties])
          return ctx
        },
      }),
      action([], 'Alpha Late', { type: 'enrichment', track: async (ctx) => adds('late')(ctx) }),
      action([], 'Alpha Early', { type: 'before', track: adds('early') }),
      action([], 'Alpha Throttle', {
        type: 'before',
        track: (ctx) => (ctx.event.event === 'Again' ? ctx.cancel() : ctx),
      }),
    ])
    await analytics.track('D')

    expect(seen).toEqual([
      ['A', { price: 1, early: 1, late: 2 }],
      ['C', { early: 0, late: 1 }],
      ['D', { early: 0, late: 1 }],
    ])
    expect(ctx?.event.properties).toEqual({ price: 1 })
    expect(server.events.map(({ event, properties }) => [event, properties])).toEqual([
      ['A', { price: 1 }],
      ['Again', {}],
      ['C', {}],
      ['D', { early: 0, late: 1 }],
    ])
  })

  it('is switched by what its own actions say of an event', async () => {
    const seen: string[] = []
    const alpha = entry('Alpha')
    const { scripts, analytics } = openPage([alpha])
    await Promise.all(['A', 'B'].map((event) => analytics.track(event)))
    const debounce = (ctx: Context) => {
      if (ctx.event.event === 'A') ctx.updateEvent('integrations.Alpha', false)
      return ctx
    }
    await scripts.arrive(alpha, () => [
      action(seen, 'Alpha Send'),
      action([], 'Alpha Debounce', { type: 'before', track: debounce }),
    ])

    expect(seen).toEqual(['Alpha Send: B'])
  })

  it('misses nothing while all load together, sees nothing twice, and gives each event to all before the next', async () => {
    const seen: unknown[] = []
    const alpha = entry('Alpha')
    const { scripts, server, analytics } = openPage([alpha])
    await analytics.track('A')
    const connected = new Promise<void>((resolve) => setTimeout(resolve, 300))
    const load = () => connected
    const count = (ctx: Context) => {
      ctx.updateEvent('properties.count', Number(ctx.event.properties?.count ?? 0) + 1)
      return ctx
    }
    const note = (name: string) => (ctx: Context) => {
      seen.push([name, ctx.event.event, ctx.event.properties?.count])
      return ctx
    }
    await scripts.arrive(alpha, () => [
      action([], 'Alpha One', { track: note('One'), load }),
      action([], 'Alpha Count', { type: 'enrichment', track: count, load }),
      action([], 'Alpha Count 2', { type: 'before', track: async (ctx) => count(ctx), load }),
      action([], 'Alpha Two', { track: note('Two'), load: () => connected.then(async () => {}) }),
    ])
    void analytics.track('B')
    await settled()
    expect(seen).toEqual([])
    await advance(301)
    await analytics.track('C')

    expect(seen).toEqual(['A', 'B', 'C'].flatMap((event) => ['One', 'Two'].map((name) => [name, event, 2])))
    expect(server.events.map(({ event, properties }) => [event, properties])).toEqual([
      ['A', {}],
      ['B', {}],
      ['C', { count: 2 }],
    ])
  })

  it('waits for none of its actions that loads slowly or never', async () => {
    const seen: string[] = []
    const alpha = entry('Alpha')
    const { scripts, analytics } = openPage([alpha])
    await analytics.track('A')
    const load = () => new Promise<void>((resolve) => setTimeout(resolve, 200))
    await scripts.arrive(alpha, () => [
      action(seen, 'Alpha Slow', { load }),
      action(seen, 'Alpha Never', { load: never }),
      action(seen, 'Alpha Adds', { type: 'enrichment', load: never }),
      action(seen, 'Alpha Fast'),
    ])
    await advance(0)
    void analytics.track('B')
    await settled()
    expect(seen).toEqual(['Alpha Fast: A', 'Alpha Fast: B'])

    await advance(201)
    expect(seen.slice(2)).toEqual(['Alpha Slow: A', 'Alpha Slow: B'])
  })

  it('gets what has happened while those of its actions that hang hold up other events', async () => {
    const seen: string[] = []
    const alpha = entry('Alpha')
    const { scripts, analytics } = openPage([alpha])
    await analytics.track('0')
    await scripts.arrive(alpha, () => [throttle({ track: never }), action(seen, 'Alpha Send')])
    for (let number = 1; number <= 5; number++) {
      void analytics.track(`${number}`)
      await advance(800)
    }

    expect(seen).toEqual(['0', '1', '2', '3', '4'].map((event) => `Alpha Send: ${event}`))
  })

  it('gets events that are under way when it comes as its own actions make them', async () => {
    const seen: unknown[] = []
    const alpha = entry('Alpha')
    const { scripts, server, analytics } = openPage([alpha])
    await analytics.addSourceMiddleware(async ({ payload, next }) => {
      await new Promise((resolve) => setTimeout(resolve, 300))
      next(payload)
    })
    void analytics.track('A')
    void analytics.track('Again')
    await advance(100)
    await scripts.arrive(alpha, () => [
      action([], 'Alpha Adds', {
        type: 'enrichment',
        track(ctx) {
          ctx.updateEvent('properties.added', 1)
          return ctx
        },
      }),
      action([], 'Alpha Throttle', {
        type: 'before',
        track: (ctx) => (ctx.event.event === 'Again' ? ctx.cancel() : ctx),
      }),
      action([], 'Alpha Send', {
        track(ctx) {
          seen.push([ctx.event.event, ctx.event.properties])
          return ctx
        },
      }),
    ])
    await advance(300)

    expect(seen).toEqual([['A', { added: 1 }]])
    expect(server.names).toEqual(['A', 'Again'])
  })

  it('gets events as they were sent, whatever others have made of them since', async () => {
    const seen: unknown[] = []
    const alpha = entry('Alpha')
    const { scripts, analytics } = openPage([alpha])
    const change = (ctx: Context) => {
      ctx.event.properties = { changed: true }
      return ctx
    }
    await analytics.register(action([], 'Mine', { type: 'after', track: change }))
    await analytics.track('A', { price: 1 })
    await scripts.arrive(alpha, () =>
      action([], 'Alpha Send', {
        track(ctx) {
          seen.push(ctx.event.properties)
          return ctx
        },
      }),
    )
    await advance(0)

    expect(seen).toEqual([{ price: 1 }])
  })

  it('gives what it has missed to its `after` actions as well', async () => {
    const seen: string[] = []
    const alpha = entry('Alpha')
    const { scripts, analytics } = openPage([alpha])
    await analytics.track('A')
    await scripts.arrive(alpha, () => action(seen, 'Alpha After', { type: 'after' }))
    await advance(0)
    await analytics.track('B')

    expect(seen).toEqual(['Alpha After: A', 'Alpha After: B'])
  })

  it('gets what happens while it takes over after what it has missed', async () => {
    const seen: string[] = []
    const alpha = entry('Alpha')
    const { scripts, analytics } = openPage([alpha])
    await analytics.track('A')
    const loading = new Promise<void>((resolve) => setTimeout(resolve, 10))
    await scripts.arrive(alpha, () => action(seen, 'Alpha Send', { load: () => loading }))
    const [client] = await analytics
    void loading.then(async () => {
      // When it is loaded, and before the next timer.
      for (let turn = 0; turn < 50; turn++) await undefined
      void client.track('B')
    })
    await advance(11)

    expect(seen).toEqual(['Alpha Send: A', 'Alpha Send: B'])
  })

  it('has time to load that begins when its script has come', async () => {
    const seen: string[] = []
    const alpha = entry('Alpha')
    const { scripts, analytics } = openPage([alpha], { pluginTimeout: 5_000 })
    await analytics.track('A')
    await advance(4_000)
    const load = () => new Promise<void>((resolve) => setTimeout(resolve, 4_000))
    await scripts.arrive(alpha, () => action(seen, 'Alpha Send', { load }))
    await advance(4_001)

    expect(seen).toEqual(['Alpha Send: A'])
    expect((await analytics)[0].queue.failedInitializations).toEqual([])
  })

  it('misses nothing while those take their time for an event', async () => {
    const seen: string[] = []
    const alpha = entry('Alpha')
    const { scripts, analytics } = openPage([alpha])
    await analytics.track('A')
    const track = async (ctx: Context) => {
      await new Promise((resolve) => setTimeout(resolve, 500))
      return ctx
    }
    await scripts.arrive(alpha, () => [
      action([], 'Alpha Slow', { type: 'enrichment', track }),
      action(seen, 'Alpha Send'),
    ])
    await advance(250)
    void analytics.track('B')
    await advance(750)

    expect(seen).toEqual(['Alpha Send: A', 'Alpha Send: B'])
  })

  it('gets events as they are, if those fail or hang', async () => {
    const seen: string[] = []
    const alpha = entry('Alpha')
    const { scripts, analytics } = openPage([alpha])
    for (const event of ['A', 'B']) await analytics.track(event)
    const fail = () => {
      throw new Error('mine')
    }
    await scripts.arrive(alpha, () => [
      throttle({ track: fail }),
      throttle({ track: never }),
      throttle({ type: 'enrichment', load: () => Promise.reject(new Error('mine')) }),
      action(seen, 'Alpha Send'),
    ])
    await advance(1_000)

    expect(seen).toEqual(['Alpha Send: A', 'Alpha Send: B'])
  })

  it('sees later events before they are sent, if it brings a plugin that does', async () => {
    const alpha = entry('Alpha')
    const { scripts, server, analytics } = openPage([alpha])
    void analytics.track('Again')
    await advance(1_000)
    await scripts.arrive(alpha, () => throttle())
    await analytics.track('Again')
    await analytics.track('Other')

    expect(server.names).toEqual(['Again', 'Other'])
  })
})

describe('a destination that loads for long', () => {
  it.each<[string, 'script' | 'npm']>([
    ['of a script that events have waited for', 'script'],
    ['that npm brings', 'npm'],
  ])(
    'keeps nobody waiting for more than a second, gets the last thousand events, and no more are kept: %s',
    async (_, from) => {
      const seen: string[] = []
      const alpha = shapingEntry('Alpha')
      const load = () => new Promise<void>((resolve) => setTimeout(resolve, 3_000))
      const make = () => action(seen, 'Alpha Send', { load })
      const plugins = from === 'npm' ? [Object.assign(make, { pluginName: 'Alpha' })] : []
      const { scripts, server, analytics } = openPage([alpha], {}, { plugins })
      if (from === 'script') await scripts.arrive(alpha, make)
      const first = analytics.track('E0')
      await advance(999)
      expect(server.names).toEqual(['E0'])
      expect(await stateOf(first)).toBe('pending')
      await advance(1)
      expect(await stateOf(first)).toHaveProperty('fulfilled')

      for (let number = 1; number <= 1_000; number++) await analytics.track(`E${number}`)
      await advance(2_001)
      expect(seen).toHaveLength(1_000)
      expect(seen[0]).toBe('Alpha Send: E1')
      expect(seen.at(-1)).toBe('Alpha Send: E1000')
    },
  )

  it.each([500, 3_000])(
    'and then fails on an event is told of that once, whether or not somebody still waits: after %s ms',
    async (ms) => {
      const alpha = shapingEntry('Alpha')
      const { scripts, analytics } = openPage([alpha])
      const load = () => new Promise<void>((resolve) => setTimeout(resolve, ms))
      const reason = new Error('mine')
      const track = () => Promise.reject(reason)
      await scripts.arrive(alpha, () => action([], 'Alpha Send', { load, track }))
      const [client] = await analytics
      const failed: unknown[] = []
      client.queue.on('destination_failure', (ctx, _, reason) => failed.push([ctx.event.event, reason]))
      const tracked = client.track('A')
      await advance(ms + 1)

      expect(failed).toEqual([['A', reason]])
      expect(await stateOf(tracked)).toHaveProperty('fulfilled')
    },
  )

  it('lets go of who waits for an event that has to make room', async () => {
    const alpha = entry('Alpha')
    const { scripts, analytics } = openPage([alpha], { remotePluginWait: 60_000 })
    await scripts.arrive(alpha, () => action([], 'Alpha Send', { load: never }))
    const [client] = await analytics
    const [first, second] = [client.track('First'), client.track('Second')]
    for (let number = 3; number <= 1_001; number++) void client.track(`E${number}`)
    await settled()

    expect(await stateOf(first)).toHaveProperty('fulfilled')
    expect(await stateOf(second)).toBe('pending')
  })

  it('gets nothing, and nobody waits for it, when that fails', async () => {
    const seen: string[] = []
    const alpha = shapingEntry('Alpha')
    const { scripts, analytics } = openPage([alpha])
    const load = () => new Promise<void>((_, reject) => setTimeout(() => reject(new Error('mine')), 500))
    await scripts.arrive(alpha, () => action(seen, 'Alpha Send', { load }))
    const tracked = analytics.track('A')
    await advance(500)

    expect(await stateOf(tracked)).toHaveProperty('fulfilled')
    expect(seen).toEqual([])
  })
})

describe('an action that sees events before they are sent', () => {
  it('is loaded first', async () => {
    const alpha = shapingEntry('Alpha')
    const { scripts, server, analytics } = openPage([alpha])
    void analytics.track('Again')
    void analytics.track('Other')
    const load = () => new Promise<void>((resolve) => setTimeout(resolve, 600))
    await scripts.arrive(alpha, () => throttle({ load }))
    await advance(599)
    expect(server.names).toEqual([])

    await advance(1)
    expect(server.names).toEqual(['Other'])
  })

  it.each<[Plugin['type'], string[]]>([
    ['before', ['Alpha Other: B']],
    ['enrichment', ['Alpha Other: B']],
    ['after', ['Alpha Other: A', 'Alpha Other: B']],
    ['utility', []],
  ])(
    'has as long for it as its script has to come, and is passed over until it has loaded, if it is of type %s',
    async (type, got) => {
      const seen: string[] = []
      const alpha = shapingEntry('Alpha')
      const { scripts, server, analytics } = openPage([alpha])
      const load = () => new Promise<void>((resolve) => setTimeout(resolve, 3_000))
      void analytics.track('A')
      await advance(500)
      await scripts.arrive(alpha, () => action(seen, 'Alpha Other', { type, load }))
      await advance(499)
      expect(server.names).toEqual([])
      await advance(1)
      expect(server.names).toEqual(['A'])

      await advance(2_501)
      await analytics.track('B')
      expect(seen).toEqual(got)
    },
  )

  it('holds up no event when it comes late and loads for ever', async () => {
    const alpha = entry('Alpha')
    const { scripts, server, analytics } = openPage([alpha])
    await advance(1_000)
    await scripts.arrive(alpha, () => throttle({ load: never }))
    await analytics.track('A')

    expect(server.names).toEqual(['A'])
  })

  it('is left out and told of when it cannot be loaded, however late that shows', async () => {
    const alpha = entry('Alpha')
    const { scripts, server, analytics } = openPage([alpha])
    const errors: unknown[] = []
    analytics.on('error', ({ code }) => errors.push(code))
    const load = () => new Promise<void>((_, reject) => setTimeout(() => reject(new Error('mine')), 3_000))
    await scripts.arrive(alpha, () => throttle({ load }))
    await advance(1_000)
    const [client] = await analytics
    const failed = vi.fn()
    client.queue.on('initialization_failure', failed)
    await advance(2_000)
    await analytics.track('Again')

    expect(client.queue.failedInitializations).toEqual(['Alpha'])
    expect(client.queue.plugins.map(({ name }) => name)).not.toContain('Alpha')
    expect(failed).toHaveBeenCalledTimes(1)
    expect(errors).toEqual(['initialization_failure'])
    expect(server.events[0]?._metadata.failedInitializations).toEqual(['Alpha'])
  })

  it('holds up an event for a second at most', async () => {
    const alpha = entry('Alpha')
    const { scripts, server, analytics } = openPage([alpha])
    await scripts.arrive(alpha, () => [
      throttle({ track: never }),
      throttle({ track: never, type: 'enrichment' }),
    ])
    void analytics.track('A')
    await advance(1_999)
    expect(server.names).toEqual([])

    await advance(1)
    expect(server.names).toEqual(['A'])
  })

  it.each(['before', 'enrichment'] as const)('hurts no event by throwing or rejecting (%s)', async (type) => {
    const alpha = entry('Alpha')
    const { scripts, server, analytics } = openPage([alpha])
    const fail = () => {
      throw new Error('mine')
    }
    await scripts.arrive(alpha, () => [
      throttle({ type, track: fail }),
      throttle({ type, track: async () => fail() }),
    ])
    const ctx = await analytics.track('A')

    expect(server.names).toEqual(['A'])
    expect(ctx.failedDelivery()).toBeUndefined()
    expect(ctx.attempts).toBe(1)
    expect(
      ctx.stats.metrics.filter(({ metric }) => metric === 'analytics_js.integration.invoke.error'),
    ).toHaveLength(2)
  })

  it.each(['before', 'enrichment'] as const)('may drop an event (%s)', async (type) => {
    const alpha = entry('Alpha')
    const { scripts, server, analytics } = openPage([alpha], { retryQueue: false })
    await scripts.arrive(alpha, () => throttle({ type, track: (ctx) => ctx.cancel() }))
    await analytics.track('A')

    expect(server.names).toEqual([])
  })
})
