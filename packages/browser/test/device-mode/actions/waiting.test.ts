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

describe('events wait for a script of which nothing is known', () => {
  it('so that what it does before they are sent is done', async () => {
    const alpha = entry('Alpha')
    const { scripts, server, analytics } = openPage([alpha])
    void analytics.track('Again')
    void analytics.track('Other')
    await advance(900)
    expect(server.names).toEqual([])

    await scripts.arrive(alpha, () => throttle())
    expect(server.names).toEqual(['Other'])
  })

  it('for a second, all scripts together', async () => {
    const { server, analytics } = openPage([entry('Alpha'), entry('Beta'), entry('Gamma')])
    void analytics.track('A')
    await advance(999)
    expect(server.names).toEqual([])

    await advance(1)
    expect(server.names).toEqual(['A'])
  })

  it('no longer than until all of them have come or failed', async () => {
    const [alpha, beta] = [entry('Alpha'), entry('Beta')]
    const { scripts, server, analytics } = openPage([alpha, beta])
    void analytics.track('A')
    await scripts.arrive(alpha, () => action([], 'Alpha Send'))
    expect(server.names).toEqual([])

    await scripts.fail(beta)
    expect(server.names).toEqual(['A'])
  })

  it.each([
    [0, 0],
    [300, 300],
    [5_000, 5_000],
  ])('as long as the page says: %s ms', async (remotePluginWait, ms) => {
    const { server, analytics } = openPage([entry('Alpha')], { remotePluginWait })
    void analytics.track('A')
    if (ms > 0) {
      await advance(ms - 1)
      expect(server.names).toEqual([])
    }

    await advance(1)
    expect(server.names).toEqual(['A'])
  })

  it('and for what npm brings as well, if that takes its time', async () => {
    const factory = Object.assign(never, { pluginName: 'Alpha' })
    const { server, analytics } = openPage([entry('Alpha')], {}, { plugins: [factory] })
    void analytics.track('A')
    await advance(999)
    expect(server.names).toEqual([])

    await advance(1)
    expect(server.names).toEqual(['A'])
  })
})

describe('of an earlier visit it is remembered which scripts bring destinations only', () => {
  /** The same visitor comes again: does the first event wait? */
  async function secondVisit(
    factory: () => unknown,
    { first = entry('Alpha'), second = first, options = {} }: Partial<Visits> = {},
  ) {
    const before = openPage([first], options)
    await before.scripts.arrive(first, factory)
    await before.analytics
    await nextPage(first)
    const { server, analytics } = openAgain(second, options)
    void analytics.track('A')
    await settled()
    return server.names.length === 0 ? 'waits' : 'goes'
  }
  interface Visits {
    first: RemotePlugin
    second: RemotePlugin
    options: InitOptions
  }

  async function nextPage({ url }: RemotePlugin) {
    await leavePage()
    unloadScript(url)
  }

  /** With settings that are not those of the last visit. */
  const openAgain = (entry: RemotePlugin, options: InitOptions = {}) =>
    openPage([], options, { cdnSettings: { ...usualSettings, remotePlugins: [entry] } })

  const sending = () => [action([], 'Alpha Send'), action([], 'Alpha Page')]

  it('so that no event waits for them', async () => {
    expect(await secondVisit(sending)).toBe('goes')
  })

  it.each(['before', 'enrichment', 'after', 'utility'] as const)(
    'and not if there was one of another type among them: %s',
    async (type) => {
      expect(await secondVisit(() => [...sending(), action([], 'Alpha Other', { type })])).toBe('waits')
    },
  )

  it('and not if the script is another', async () => {
    const first = entry('Alpha')
    expect(await secondVisit(sending, { first, second: { ...first, url: `${first.url}?2` } })).toBe('waits')
  })

  it('and not if its settings are others', async () => {
    const first = entry('Alpha')
    const settings = { subscriptions: [{ partnerAction: 'throttle' }] }
    expect(await secondVisit(sending, { first, second: { ...first, settings } })).toBe('waits')
  })

  it.each<InitOptions>([{ disableClientPersistence: true }, { cacheSettings: false }])(
    'unless nothing may be remembered: %o',
    async (options) => {
      expect(await secondVisit(sending, { options })).toBe('waits')
      expect(localStorage.getItem('sluice:actions:v1')).toBeNull()
    },
  )

  it('until one of them brings something else after all', async () => {
    const alpha = entry('Alpha')
    expect(await secondVisit(sending, { first: alpha })).toBe('goes')
    await nextPage(alpha)
    const third = openAgain(alpha)
    await third.scripts.arrive(alpha, () => throttle())
    await nextPage(alpha)

    const { server, analytics } = openAgain(alpha)
    void analytics.track('A')
    await settled()
    expect(server.names).toEqual([])
  })

  it('and what is kept of scripts that the source no longer has is forgotten', async () => {
    const [alpha, beta] = [entry('Alpha'), entry('Beta')]
    const both = openPage([alpha, beta])
    await both.scripts.arrive(alpha, sending)
    await both.scripts.arrive(beta, sending)
    await both.analytics
    expect(JSON.parse(localStorage.getItem('sluice:actions:v1') ?? '')).toHaveLength(2)
    await leavePage()

    const gamma = entry('Gamma')
    const one = openAgain(gamma)
    await one.scripts.arrive(gamma, sending)
    expect(JSON.parse(localStorage.getItem('sluice:actions:v1') ?? '')).toHaveLength(1)
  })

  it('and that is not written down again', async () => {
    const alpha = entry('Alpha')
    expect(await secondVisit(sending, { first: alpha })).toBe('goes')
    await nextPage(alpha)
    const { localWrites } = watchStorage()
    await openAgain(alpha).scripts.arrive(alpha, sending)

    expect(localWrites.filter((line) => line.includes('sluice:actions'))).toEqual([])
  })

  it('but not of what npm brings in the stead of a script', async () => {
    const alpha = entry('Alpha')
    expect(await secondVisit(sending, { first: alpha })).toBe('goes')
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

  it('and nonsense in storage is nothing that is known', async () => {
    localStorage.setItem('sluice:actions:v1', '{"oh":')
    const alpha = entry('Alpha')
    const { server, scripts, analytics } = openPage([alpha])
    void analytics.track('A')
    await settled()
    expect(server.names).toEqual([])

    await scripts.arrive(alpha, sending)
    expect(server.names).toEqual(['A'])
  })
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

  it('is not there at all when it was deregistered before it came', async () => {
    const seen: string[] = []
    const alpha = entry('Alpha')
    const { scripts, analytics } = openPage([alpha])
    await advance(1_000)
    await analytics.track('A')
    await analytics.deregister('Alpha')
    await scripts.arrive(alpha, () => action(seen, 'Alpha Send'))
    await analytics.track('B')

    expect(seen).toEqual([])
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

describe('an action that sees events before they are sent', () => {
  it('is loaded first', async () => {
    const alpha = entry('Alpha')
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
      const alpha = entry('Alpha')
      const { scripts, server, analytics } = openPage([alpha])
      const load = () => new Promise<void>((resolve) => setTimeout(resolve, 3_000))
      void analytics.track('A')
      await advance(500)
      await scripts.arrive(alpha, () => action(seen, 'Alpha Other', { type, load }))
      await advance(499)
      expect(server.names).toEqual([])
      await advance(1)
      expect(server.names).toEqual(['A'])

      await advance(2_500)
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
