import { describe, expect, it, vi } from 'vitest'
import { Analytics, AnalyticsBrowser, getGlobalAnalytics, segmentio } from '../../src'
import { startServer } from './support/fake-server'
import {
  advance,
  load,
  outbox,
  plugin,
  settled,
  stateOf,
  useFreshPages,
  writeKey,
} from './support/start-page'

useFreshPages()

describe('a client that was made by itself', () => {
  it('has no destinations, and keeps no events', async () => {
    const server = startServer()
    const analytics = new Analytics({ writeKey })
    const ctx = await analytics.track('A')

    expect(ctx.event).toMatchObject({ event: 'A', anonymousId: expect.any(String) })
    expect(analytics.settings.cdnSettings).toEqual({ integrations: { 'Segment.io': { apiKey: '' } } })
    expect(analytics.settings.apiHost).toBeUndefined()
    expect(analytics.initialized).toBe(false)
    expect(server.settingsRequests).toEqual([])
    expect(outbox()).toEqual([])
  })

  it('delivers when it is given the destination', async () => {
    const server = startServer()
    const analytics = new Analytics({ writeKey })
    await analytics.register(segmentio(analytics, { apiKey: 'own', apiHost: 'own.test' }))
    await analytics.track('A')

    expect(server.requests).toMatchObject([{ url: 'https://own.test/t', body: { writeKey: 'own' } }])
    expect(analytics.settings.apiHost).toBe('own.test')
  })

  it('delivers by a destination whose hooks somebody calls', async () => {
    const server = startServer()
    const analytics = new Analytics({ writeKey })
    const ctx = await analytics.track('A')
    await segmentio(analytics, { apiKey: 'own' }).track?.(ctx)

    expect(server.names).toEqual(['A'])
  })

  it('keeps an event while a plugin has it, if it has the destination', async () => {
    startServer()
    const analytics = new Analytics({ writeKey })
    await analytics.register(segmentio(analytics, { apiKey: 'own' }))
    await analytics.register(plugin({ type: 'before', track: () => new Promise(() => {}) }))
    void analytics.track('A')

    expect(outbox()).toMatchObject([{ raw: true, event: 'A' }])
  })
})

describe('a client', () => {
  it('makes calls that are written as lists', async () => {
    const server = startServer()
    const [analytics] = await load()
    analytics.push(['track', 'A', { a: 1 }])
    analytics.push(['nothing', 'B'])
    await settled()

    expect(server.events).toMatchObject([{ event: 'A', properties: { a: 1 } }])
  })

  it('prints what becomes of events while it is told to', async () => {
    startServer()
    vi.spyOn(console, 'table').mockImplementation(() => {})
    vi.spyOn(console, 'log').mockImplementation(() => {})
    const [analytics] = await load()
    expect(analytics.debug(true)).toBe(analytics)
    const ctx = await analytics.track('A')
    const printed = vi.mocked(console.table).mock.calls.length + vi.mocked(console.log).mock.calls.length
    expect(printed).toBeGreaterThan(0)
    expect(ctx.logs()).toEqual([])
    analytics.debug(false)
    await analytics.track('B')

    expect(vi.mocked(console.table).mock.calls.length + vi.mocked(console.log).mock.calls.length).toBe(
      printed,
    )
  })

  it('keeps what the application keeps with it', async () => {
    startServer()
    const [analytics] = await load()
    analytics.storage.set('plan_seen', { at: 1 })
    const [next] = await load()

    expect(next.storage.get('plan_seen')).toEqual({ at: 1 })
  })

  it('needs no more than a write key', async () => {
    const server = startServer()
    const [analytics] = await AnalyticsBrowser.load(writeKey)
    await analytics.track('A')

    expect(server.names).toEqual(['A'])
    expect(analytics.settings.writeKey).toBe(writeKey)
  })

  it('sends events where the application has assigned it to, from then on', async () => {
    const server = startServer()
    const [analytics] = await load({ integrations: { 'Segment.io': true, Web: true } })
    await analytics.track('Before')
    analytics.integrations = { 'Segment.io': false }
    await analytics.track('Between')
    analytics.integrations = { All: true }
    await analytics.track('After')

    expect(server.events.map(({ event, integrations }) => [event, integrations])).toEqual([
      ['Before', { 'Segment.io': true, Web: true }],
      ['After', { All: true }],
    ])
  })

  it('gives the global back to who had it', async () => {
    startServer()
    const before = { mine: true }
    Reflect.set(globalThis, 'analytics', before)
    const [analytics] = await load()
    Reflect.set(globalThis, 'analytics', analytics)
    expect(getGlobalAnalytics()).toBe(analytics)
    analytics.noConflict()

    expect(getGlobalAnalytics()).toBe(before)
  })

  it('forgets who the visitor is, and the group', async () => {
    startServer()
    const [analytics] = await load()
    await analytics.identify('U', { plan: 'pro' })
    await analytics.group('G', { seats: 5 })
    const before = analytics.user().anonymousId()
    expect(analytics.reset()).toBeUndefined()

    expect([analytics.user().id(), analytics.user().traits()]).toEqual([null, {}])
    expect([analytics.group().id(), analytics.group().traits()]).toEqual([null, {}])
    expect(analytics.user().anonymousId()).not.toBe(before)
  })

  it('can be taken apart', async () => {
    const server = startServer()
    const [{ track, on, user, identify, reset, flush }] = await load()
    const heard = vi.fn()
    on('track', heard)
    await identify('U')
    await track('A')
    await flush()
    reset()

    expect(server.names).toEqual(['identify', 'A'])
    expect(heard).toHaveBeenCalledOnce()
    expect(user().id()).toBeNull()
  })

  it('looks to older code as if it had been set up', async () => {
    startServer()
    const [analytics] = await load()

    expect(await analytics.initialize()).toBe(analytics)
    expect(await analytics.init()).toBe(analytics)
    expect(
      analytics.normalize({ type: 'track', event: 'A', properties: {}, options: { context: { ip: '0' } } }),
    ).toMatchObject({
      event: 'A',
      context: { ip: '0', page: { path: '/start' } },
      messageId: expect.any(String),
    })
  })

  it('goes by a subclass, too', async () => {
    class Shop extends Analytics {
      override track(...args: Parameters<Analytics['track']>) {
        return super.track(...args)
      }
    }
    const analytics = new Shop({ writeKey })
    const { track } = analytics

    expect((await track('A')).event.event).toBe('A')
    expect(analytics).toBeInstanceOf(Analytics)
  })
})

describe('a callback', () => {
  it('is called when its time is over, with the event as it ended', async () => {
    startServer()
    const [analytics] = await load()
    const called = vi.fn()
    analytics.timeout(50)
    const tracked = analytics.track('A', called)
    await advance(49)
    expect(called).not.toHaveBeenCalled()
    await advance(1)

    expect(called.mock.calls).toEqual([[await tracked]])
  })

  it('is called at once when the event took longer than that', async () => {
    const server = startServer()
    server.script('hang')
    const [analytics] = await load()
    const called = vi.fn()
    analytics.track('A', called)
    await advance(1_000)
    server.answer(200)
    await settled()

    expect(called).toHaveBeenCalledOnce()
  })

  it('that throws or hangs hurts nobody', async () => {
    startServer()
    const [analytics] = await load()
    const broken = () => {
      throw new Error('broken')
    }
    const tracked = [analytics.track('A', broken), analytics.track('B', () => new Promise(() => {}))]
    await advance(1_300)

    expect(await stateOf(Promise.all(tracked))).toHaveProperty('fulfilled')
  })
})
