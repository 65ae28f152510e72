import { describe, expect, it, vi } from 'vitest'
import { AnalyticsBrowser, NullAnalytics } from '../../src'
import { stored } from '../identity/start-page'
import { startServer, usualSettings } from './support/fake-server'
import {
  advance,
  load,
  outbox,
  pageThatDies,
  plugin,
  settled,
  useFreshPages,
  writeKey,
} from './support/start-page'

useFreshPages()

const nothing = { local: {}, cookies: {} }

function callEverything(analytics: AnalyticsBrowser): void {
  analytics.track('A')
  analytics.identify('U', { plan: 'pro' })
  analytics.page()
  analytics.group('G')
  analytics.alias('V')
  analytics.setAnonymousId('visitor')
  analytics.reset()
  analytics.screen('Menu')
}

describe('before `disable` has answered', () => {
  it('nothing is stored, and nothing is asked but the settings', async () => {
    const server = startServer()
    let answer: (isDisabled: boolean) => void = () => {}
    const disable = vi.fn(
      () =>
        new Promise<boolean>((resolve) => {
          answer = resolve
        }),
    )
    const analytics = load({ disable, initialPageview: true })
    callEverything(analytics)
    await advance(60_000)

    expect(disable).toHaveBeenCalledWith(usualSettings)
    expect(stored()).toEqual(nothing)
    expect(server.settingsRequests).toHaveLength(1)
    expect(server.requests).toEqual([])

    answer(false)
    await settled()
    expect(server.names).toEqual(['page', 'A', 'identify', 'page', 'group', 'alias', 'screen'])
    expect(server.events.map(({ userId }) => userId)).toEqual([null, null, 'U', 'U', 'U', 'V', null])
  })

  it('nothing of an earlier page is sent', async () => {
    await pageThatDies((analytics) => analytics.track('Left behind'))
    const server = startServer()
    load({ disable: () => new Promise(() => {}) })
    await advance(60_000)

    expect(server.requests).toEqual([])
    expect(outbox()).toMatchObject([{ event: 'Left behind' }])
  })

  it('it is asked after `updateCDNSettings`', async () => {
    startServer()
    const changed = { integrations: { 'Segment.io': {} }, changed: true }
    const disable = vi.fn(() => true)
    await load({ disable, updateCDNSettings: () => changed })

    expect(disable.mock.calls).toEqual([[changed]])
  })
})

describe('a client that is disabled', () => {
  it.each([
    ['at once', true],
    ['by the settings', () => true],
    ['by the settings, later', async () => true],
  ])('stores and sends nothing: %s', async (_, disable) => {
    const server = startServer()
    const load = vi.fn(async () => {})
    const analytics = AnalyticsBrowser.load(
      { writeKey, plugins: [plugin({ load })] },
      { disable, initialPageview: true },
    )
    callEverything(analytics)
    analytics.register(plugin({ name: 'Later', load }))
    const [instance] = await analytics
    await settled()
    callEverything(analytics)
    await instance.track('Directly')
    await instance.register(plugin({ name: 'Directly', load }))
    await advance(60_000)
    window.dispatchEvent(new Event('pagehide'))

    expect(instance).toBeInstanceOf(NullAnalytics)
    expect(instance.initialized).toBe(true)
    expect(stored()).toEqual(nothing)
    expect(server.requests).toEqual([])
    expect(server.settingsRequests).toHaveLength(disable === true ? 0 : 1)
    expect(load).not.toHaveBeenCalled()
    expect(vi.getTimerCount()).toBe(0)
  })

  it('is one only when `disable` is `true`', async () => {
    const server = startServer()
    await load({ disable: 'yes' as never }).track('A')

    expect(server.names).toEqual(['A'])
  })

  it('can be destructured', async () => {
    startServer()
    const { track, on, user } = new NullAnalytics()
    const heard = vi.fn()
    on('track', heard)
    await track('A')

    expect(heard).toHaveBeenCalledOnce()
    expect(user().id()).toBeNull()
  })
})
