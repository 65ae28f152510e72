import { describe, expect, it, vi } from 'vitest'
import {
  type Analytics,
  type CDNSettings,
  type Context,
  ContextCancelation,
  type DestinationMiddlewareFunction,
  type InitOptions,
  type Plan,
} from '../../../src'
import { maxHeld } from '../../../src/device-mode/classic/held-events'
import {
  advance,
  leavePage,
  setOnline,
  settled,
  stateOf,
  useFreshPages,
} from '../../client/support/start-page'
import { type FakeOptions, fakeIntegration } from './support/fake-integration'
import { openPage } from './support/open-page'

useFreshPages()

const ofBrowser = { type: 'browser' }

/** A client whose source has one destination from npm. */
async function startClient(
  given: FakeOptions = {},
  options: InitOptions = {},
  ofSource: Partial<CDNSettings> = {},
) {
  const fake = fakeIntegration(given)
  const page = openPage({ Fake: ofBrowser }, options, { classicIntegrations: [fake.source] }, ofSource)
  const [client] = await page.analytics
  await settled()
  return { ...fake, server: page.server, client }
}

/** What was counted of destinations, as `metric value tags`. */
const counted = ({ stats }: Context) =>
  stats.metrics
    .filter(({ metric }) => metric.startsWith('analytics_js.integration.'))
    .map(({ metric, value, tags }) => [metric, value, ...tags].join(' '))

const logged = (ctx: Context) => ctx.logs().map(({ level, message }) => `${level} ${message}`)

async function callAll(client: Analytics) {
  await client.track('T', { revenue: '$12.50' })
  await client.page('Docs', 'Start')
  await client.identify('U', { email: 'u@shop.test' })
  await client.group('G', { seats: 5 })
  await client.alias('V')
  await client.screen('Not for pages')
}

describe('a destination', () => {
  it('gets five of the six calls, in order, and the server all of them', async () => {
    const { client, calls, server } = await startClient()
    await callAll(client)

    expect(calls).toEqual(['initialize', 'track: T', 'page: Start', 'identify: ', 'group: ', 'alias: '])
    expect(server.names).toEqual(['T', 'page', 'identify', 'group', 'alias', 'screen'])
  })

  it('reads each of them by the facade of its kind', async () => {
    const { client, facades } = await startClient()
    await callAll(client)
    const [track, page, identify, group, alias] = facades

    expect([track?.revenue?.(), track?.event?.(), track?.orderId?.()]).toEqual([12.5, 'T', undefined])
    expect([page?.fullName?.(), page?.category?.()]).toEqual(['Docs Start', 'Docs'])
    expect([identify?.email?.(), identify?.traits?.()]).toEqual([
      'u@shop.test',
      { email: 'u@shop.test', id: 'U' },
    ])
    expect([group?.groupId?.(), group?.traits?.()]).toEqual(['G', { seats: 5, id: 'G' }])
    expect([alias?.to?.(), alias?.from?.()]).toEqual(['V', 'U'])
  })

  it.each([
    [{}, new Date('2026-01-01T12:00:00.000Z')],
    [{ disableAutoISOConversion: false }, new Date('2026-01-01T12:00:00.000Z')],
    [{ disableAutoISOConversion: true }, '2026-01-01T12:00:00.000Z'],
  ])('with %j, reads a date that is text as %s', async (options, read) => {
    const { client, facades, server } = await startClient({}, options)
    await client.track('T', { at: '2026-01-01T12:00:00.000Z' })

    expect(facades[0]?.proxy?.('properties.at')).toEqual(read)
    expect(server.events[0]?.properties).toEqual({ at: '2026-01-01T12:00:00.000Z' })
  })

  it('does to its copy of an event what it likes', async () => {
    const { client, server } = await startClient({
      invoked(_, { obj }) {
        Object.assign(Object(obj), { event: 'Spoilt' })
        Object.assign(Object(obj).properties, { spoilt: true })
      },
    })
    const ctx = await client.track('T', { a: 1 })

    expect(ctx.event).toMatchObject({ event: 'T', properties: { a: 1 } })
    expect(ctx.event.properties).toEqual({ a: 1 })
    expect(server.events[0]).toMatchObject({ event: 'T' })
  })

  it.each<[object, boolean]>([
    [{}, true],
    [{ Fake: false }, false],
    [{ All: false }, false],
    [{ All: false, Fake: true }, true],
    [{ All: false, Fake: { option: 1 } }, true],
  ])('is switched by the integrations of a call: %j', async (integrations, isOn) => {
    const { client, calls } = await startClient()
    await client.track('T', {}, { integrations: integrations as Record<string, boolean> })

    expect(calls).toEqual(isOn ? ['initialize', 'track: T'] : ['initialize'])
  })

  it('is counted with each call', async () => {
    const { client } = await startClient()
    const ctx = await client.identify('U')

    expect(counted(ctx)).toEqual([
      'analytics_js.integration.invoke 1 method:identify integration_name:Fake type:classic',
    ])
  })
})

describe('a destination that fails', () => {
  const failures: [string, () => unknown][] = [
    [
      'throws',
      () => {
        throw new Error('mine')
      },
    ],
    ['rejects', () => Promise.reject(new Error('mine'))],
  ]

  it.each(failures)('because it %s is counted and told, and harms nobody', async (_, invoked) => {
    const { client, server } = await startClient({ invoked })
    const told: unknown[] = []
    client.queue.on('destination_failure', (_, { name }, reason) =>
      told.push([name, (reason as Error).message]),
    )
    const ctx = await client.track('T')

    expect(ctx.failedDelivery()).toBeUndefined()
    expect(server.names).toEqual(['T'])
    expect(told).toEqual([['Fake', 'mine']])
    const tags = 'method:track integration_name:Fake type:classic'
    expect(counted(ctx)).toEqual([
      `analytics_js.integration.invoke 1 ${tags}`,
      `analytics_js.integration.invoke.error 1 ${tags}`,
    ])
  })

  it.each(failures)('because it %s does so for events that waited for it, too', async (_, invoked) => {
    const { client, server, say } = await startClient({ invoked, ready: 'when told' })
    const told: unknown[] = []
    client.queue.on('destination_failure', ({ event }, { name }, reason) =>
      told.push([event.event, name, (reason as Error).message]),
    )
    const ctxs = await Promise.all([client.track('A'), client.track('B')])
    say('ready')
    await settled()

    expect(server.names).toEqual(['A', 'B'])
    expect(told).toEqual([
      ['A', 'Fake', 'mine'],
      ['B', 'Fake', 'mine'],
    ])
    expect(ctxs.map((ctx) => counted(ctx).length)).toEqual([2, 2])
    expect(logged(ctxs[0])).toContain('error plugin Error')
  })

  it('to answer has the time of a plugin, and no other waits', async () => {
    const { client, server } = await startClient(
      { invoked: () => new Promise(() => {}) },
      { pluginTimeout: 5_000 },
    )
    const tracked = client.track('T')
    await settled()
    expect(server.names).toEqual(['T'])
    expect(await stateOf(tracked)).toBe('pending')
    await advance(5_000)

    expect(await stateOf(tracked)).toEqual({ fulfilled: expect.anything() })
  })
})

describe('until a destination is ready', () => {
  it('events wait for it, and nobody waits for them', async () => {
    const { client, calls, server, say } = await startClient({ ready: 'when told' })
    await client.track('A')
    await client.identify('U')
    await client.track('B')
    expect(server.names).toEqual(['A', 'identify', 'B'])
    expect(calls).toEqual(['initialize'])
    say('ready')
    await settled()

    expect(calls).toEqual(['initialize', 'track: A', 'identify: ', 'track: B'])
  })

  it('events keep their order, those included that come while the others are handed over', async () => {
    const { client, calls, say } = await startClient({ ready: 'when told' })
    await client.track('A')
    await client.track('B')
    say('ready')
    await client.track('C')
    await settled()

    expect(calls).toEqual(['initialize', 'track: A', 'track: B', 'track: C'])
  })

  it('page views wait only until it is initialized', async () => {
    const { client, calls, say } = await startClient({ initialized() {} })
    const paged = client.page('One')
    await settled()
    expect(calls).toEqual(['initialize'])
    say('initialize')
    await paged
    await settled()
    await client.page('Two')

    expect(calls).toEqual(['initialize', 'page: One', 'page: Two'])
  })

  it('page views wait for the events before them, which are of another page or another visitor', async () => {
    const { client, calls, say } = await startClient({ ready: 'when told' })
    await client.identify('U')
    await client.page('One')
    expect(calls).toEqual(['initialize'])
    say('ready')
    await settled()

    expect(calls).toEqual(['initialize', 'identify: ', 'page: One'])
  })

  it('no timer runs', async () => {
    const { client } = await startClient({ ready: 'when told' }, { pluginTimeout: 0 })
    const before = vi.getTimerCount()
    await client.track('A')
    await settled()

    expect(vi.getTimerCount()).toBe(before)
  })

  it('so many events wait; of more, the oldest are given up', async () => {
    const { client, calls, say } = await startClient({ ready: 'when told' })
    const oldest = await client.track('Oldest')
    for (let number = 1; number < maxHeld; number++) void client.track(`${number}`)
    await settled()
    expect(logged(oldest)).not.toContain('warn Given up by a destination')
    await client.track('Newest')
    say('ready')
    await settled()

    expect(logged(oldest)).toContain('warn Given up by a destination')
    expect(calls).toHaveLength(1 + maxHeld)
    expect([calls[1], calls.at(-1)]).toEqual(['track: 1', 'track: Newest'])
  })

  it('an initialize that it does not tell of is over when it says that it is', async () => {
    const { client, calls } = await startClient({
      assumesPageview: true,
      initialized() {
        this.say('ready')
      },
    })
    setOnline(false)
    void client.page('One')
    await settled()

    expect(calls).toEqual(['initialize', 'page: One'])
  })
})

describe('a destination that tells of the first page by itself', () => {
  it('begins with the first page if it has not begun before', async () => {
    let times = 0
    const { client, calls } = await startClient({
      assumesPageview: true,
      initialized() {
        times++
        if (times < 2) return
        this.say('initialize')
        this.say('ready')
      },
    })
    await client.track('A')
    expect(calls).toEqual(['initialize'])
    await client.page('One')
    await client.page('Two')
    await settled()

    expect(calls).toEqual(['initialize', 'initialize', 'track: A', 'page: One', 'page: Two'])
  })

  it('is not made to begin again by page views after that', async () => {
    const { client, calls } = await startClient({ assumesPageview: true })
    await client.page('One')

    expect(calls).toEqual(['initialize', 'page: One'])
  })

  it.each<[string, () => unknown]>([
    [
      'throws',
      () => {
        throw new Error('mine')
      },
    ],
    ['rejects', () => Promise.reject(new Error('mine'))],
  ])('harms nobody if it %s then, and can still begin', async (_, fails) => {
    let times = 0
    const { client, server, calls, say } = await startClient({
      assumesPageview: true,
      initialized() {
        times++
        return times > 1 ? fails() : undefined
      },
    })
    const ctx = await client.page('One')
    expect(ctx.failedDelivery()).toBeUndefined()
    expect(logged(ctx)).toContain('error plugin Error')
    expect(server.names).toEqual(['page'])
    say('ready')
    await settled()

    expect(calls).toEqual(['initialize', 'initialize', 'page: One'])
  })
})

describe('while the page is offline', () => {
  it('events wait, and go when it is online again', async () => {
    const { client, calls } = await startClient()
    setOnline(false)
    void client.track('A')
    void client.identify('U')
    await settled()
    expect(calls).toEqual(['initialize'])
    setOnline(true)
    await settled()

    expect(calls).toEqual(['initialize', 'track: A', 'identify: '])
  })

  it('a page view goes at once: it may be all that the destination needs to know', async () => {
    const { client, calls } = await startClient()
    setOnline(false)
    void client.page('One')
    await settled()

    expect(calls).toEqual(['initialize', 'page: One'])
  })

  it('what was ready to go waits for the network, too', async () => {
    const { client, calls, say } = await startClient({ ready: 'when told' })
    void client.track('A')
    setOnline(false)
    say('ready')
    await settled()
    expect(calls).toEqual(['initialize'])
    setOnline(true)
    await settled()

    expect(calls).toEqual(['initialize', 'track: A'])
  })
})

describe('when the page goes away', () => {
  const leave = async () => {
    window.dispatchEvent(new Event('pagehide'))
    await leavePage()
  }

  it('what waits for a destination goes to it on the next page', async () => {
    const { client } = await startClient({ ready: 'when told' })
    await client.track('A')
    await client.page('One')
    await leave()
    const next = await startClient({ ready: 'when told' })
    await next.client.track('B')
    next.say('ready')
    await settled()

    expect(next.calls).toEqual(['initialize', 'track: A', 'track: B'])
    expect(next.facades[0]?.event?.()).toBe('A')
  })

  it('a destination that becomes ready after that gets it all the same, once', async () => {
    const { client, calls, say } = await startClient({ ready: 'when told' })
    await client.track('A')
    window.dispatchEvent(new Event('pagehide'))
    say('ready')
    await settled()
    await leave()
    const next = await startClient()

    expect(calls).toEqual(['initialize', 'track: A'])
    expect(next.calls).toEqual(['initialize'])
  })

  it('what it leaves stays there until a destination is ready for it', async () => {
    const { client, say } = await startClient({ initialized() {} })
    await client.track('A')
    window.dispatchEvent(new Event('pagehide'))
    say('initialize')
    // Pages in the background are ended without a word.
    await leavePage()

    expect((await startClient()).calls).toEqual(['initialize', 'track: A'])
  })

  it('what it leaves is not for a destination that has been taken away', async () => {
    const { client, calls, say } = await startClient({ ready: 'when told' })
    await client.track('A')
    window.dispatchEvent(new Event('pagehide'))
    await client.deregister('Fake')
    say('ready')
    await settled()
    expect(calls).toEqual(['initialize'])
    await leave()

    expect((await startClient()).calls).toEqual(['initialize', 'track: A'])
  })

  it('what waits for a destination whose script did not come for want of a network goes with it', async () => {
    const page = openPage({ Fake: ofBrowser })
    const [client] = await page.analytics
    setOnline(false)
    void client.track('A')
    await page.fail('/fake.')
    await leave()
    setOnline(true)
    const next = await startClient()

    expect(next.calls).toEqual(['initialize', 'track: A'])
  })

  it('what waits for a blocked destination does not pile up', async () => {
    const page = openPage({ Fake: ofBrowser })
    const [client] = await page.analytics
    const ctx = await client.track('A')
    await page.fail('/fake.')
    await leave()

    expect(logged(ctx)).toContain('warn Given up by a destination')
    expect((await startClient()).calls).toEqual(['initialize'])
  })

  it('nothing is kept where nothing may be', async () => {
    const { client } = await startClient({ ready: 'when told' }, { disableClientPersistence: true })
    await client.track('A')
    await leave()

    expect(Object.keys(localStorage)).toEqual([])
  })

  it('nothing is left of a destination that was taken away', async () => {
    const { client, say, calls } = await startClient({ ready: 'when told' })
    await client.track('A')
    await client.deregister('Fake')
    say('ready')
    await leave()

    expect(calls).toEqual(['initialize'])
    expect((await startClient()).calls).toEqual(['initialize'])
  })
})

describe('destination middleware', () => {
  const rename: DestinationMiddlewareFunction = ({ payload, integration, next }) => {
    payload.obj.event = `${payload.obj.event} for ${integration}`
    next(payload)
  }

  it('changes events for this destination alone', async () => {
    const { client, calls, server } = await startClient()
    await client.addDestinationMiddleware('fake', rename)
    await client.track('A')

    expect(calls).toEqual(['initialize', 'track: A for Fake'])
    expect(server.names).toEqual(['A'])
  })

  it('drops events for this destination alone', async () => {
    const { client, calls, server } = await startClient()
    await client.addDestinationMiddleware('*', ({ next }) => next(null))
    const ctx = await client.track('A')

    expect(calls).toEqual(['initialize'])
    expect(server.names).toEqual(['A'])
    expect(counted(ctx)).toEqual([])
  })

  it('sees events that waited when they go', async () => {
    const { client, calls, say } = await startClient({ ready: 'when told' })
    await client.track('A')
    await client.addDestinationMiddleware('Fake', rename)
    say('ready')
    await settled()

    expect(calls).toEqual(['initialize', 'track: A for Fake'])
  })

  it('that was added before the destination is there is there for it', async () => {
    const fake = fakeIntegration()
    const page = openPage({ Fake: ofBrowser }, {}, { classicIntegrations: [fake.source] })
    void page.analytics.addDestinationMiddleware('Fake', rename)
    await page.analytics.track('A')
    await settled()

    expect(fake.calls).toEqual(['initialize', 'track: A for Fake'])
  })
})

describe('the tracking plan', () => {
  const planned = { track: { Other: { enabled: false, integrations: {} }, Mine: { enabled: true } } }
  const droppedBy = async (plan: Plan, of: 'page' | 'source' = 'page') => {
    const { client, calls } = await startClient(
      {},
      of === 'page' ? { plan } : {},
      of === 'source' ? { plan } : {},
    )
    // Whatever else heeds the plan, this one wants it.
    const ctx = await client.track('Event', {}, { integrations: { Fake: true } })
    const isDelivered = calls.includes('track: Event')
    const drops = ctx.logs().filter(({ message }) => message === 'Dropped by plan')
    expect(drops).toHaveLength(isDelivered ? 0 : 1)
    for (const { extras } of drops) {
      const reason = (extras as { error: ContextCancelation }).error
      expect(reason).toBeInstanceOf(ContextCancelation)
      expect(reason).toMatchObject({ retry: false, type: 'Dropped by plan' })
      expect(reason.reason).toBe('The tracking plan keeps Event from Fake')
    }
    expect(ctx.failedDelivery()).toBeUndefined()
    return !isDelivered
  }

  it.each<[string, Plan, boolean]>([
    ['that says nothing of it', planned, false],
    ['that enables it', { track: { Event: { enabled: true } } }, false],
    ['that disables it', { track: { Event: { enabled: false } } }, true],
    ['that disables what it does not name', { track: { __default: { enabled: false } } }, true],
    [
      'that enables it and no other',
      { track: { Event: { enabled: true }, __default: { enabled: false } } },
      false,
    ],
    ['without tracks', { identify: {} }, false],
  ])('%s', async (_, plan, isDropped) => {
    expect(await droppedBy(plan)).toBe(isDropped)
  })

  it('of the source counts if the page has none', async () => {
    expect(await droppedBy({ track: { Event: { enabled: false } } }, 'source')).toBe(true)
  })

  it('holds for events that waited as well', async () => {
    const { client, calls, say } = await startClient(
      { ready: 'when told' },
      { plan: { track: { Event: { enabled: false } } } },
    )
    const told = vi.fn()
    client.queue.on('destination_failure', told)
    const ctx = await client.track('Event', {}, { integrations: { Fake: true } })
    say('ready')
    await settled()

    expect(calls).toEqual(['initialize'])
    expect(logged(ctx)).toContain('warn Dropped by plan')
    expect(told).not.toHaveBeenCalled()
  })
})

describe('one destination', () => {
  it('that hangs, throws or is blocked delays neither the server nor another one', async () => {
    const good = fakeIntegration({ name: 'Good' })
    const throwing = fakeIntegration({
      name: 'Throwing',
      invoked() {
        throw new Error('mine')
      },
    })
    const silent = fakeIntegration({ name: 'Silent', ready: 'when told' })
    const page = openPage(
      { Blocked: ofBrowser, Hanging: ofBrowser, Throwing: ofBrowser, Silent: ofBrowser, Good: ofBrowser },
      {},
      { classicIntegrations: [throwing.source, silent.source, good.source] },
    )
    const [client] = await page.analytics
    const start = Date.now()
    await page.fail('/blocked.')
    await client.track('A')

    expect(Date.now() - start).toBe(0)
    expect(page.server.names).toEqual(['A'])
    expect(good.calls).toEqual(['initialize', 'track: A'])
    expect(throwing.calls).toEqual(['initialize', 'track: A'])
    expect(page.addresses()).toEqual([expect.stringContaining('/hanging/')])
    expect(client.queue.failedInitializations).toEqual(['Blocked'])
  })
})
