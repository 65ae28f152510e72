import { describe, expect, it } from 'vitest'
import { AnalyticsBrowser } from '../../src'
import { deleteCookie, setCookie } from '../storage/browser-storage'
import { startServer } from './support/fake-server'
import { errorsOf, load, outbox, settled, useFreshPages, writeKey } from './support/start-page'

useFreshPages()

describe('traits that no event can carry', () => {
  it.each(['identify', 'group'] as const)(
    'of %s are told of, and do not become those of somebody else',
    async (method) => {
      const server = startServer()
      const analytics = load()
      const errors = errorsOf(analytics)
      await analytics[method]('A', { email: 'a@a.test' })
      await analytics[method]('B', { email: 'b@b.test', balance: 10n })
      await settled()

      expect(server.events.map(({ traits }) => traits)).toEqual([{ email: 'a@a.test' }])
      expect(errors).toMatchObject([
        [{ code: 'delivery_failure', ctx: { event: { traits: { email: 'b@b.test' } } } }],
      ])
      expect(outbox()).toEqual([])
    },
  )

  it('do not take what is told later with them', async () => {
    const server = startServer()
    const analytics = load()
    await analytics.identify('A', { balance: 10n })
    await analytics.identify('A', { plan: 'pro' })

    expect(server.events).toMatchObject([{ userId: 'A', traits: { plan: 'pro' } }])
  })
})

describe('the cookie of the visitor', () => {
  it('counts as it is when the call is made', async () => {
    const server = startServer()
    const [analytics] = await load()
    await analytics.track('A')
    analytics.track('B')
    setCookie('ajs_anonymous_id=custom; path=/')
    analytics.track('C')
    await settled()

    expect(server.events.map(({ anonymousId }) => anonymousId === 'custom')).toEqual([false, false, true])
  })

  it('counts as a plugin has left it, in calls of that plugin too', async () => {
    const server = startServer()
    const [analytics] = await load()
    await analytics.register({
      name: 'Chooser',
      type: 'before',
      version: '1',
      isLoaded: () => true,
      load: async () => {},
      track(ctx) {
        setCookie('ajs_anonymous_id=chosen; path=/')
        ctx.updateEvent('properties.visitor', analytics.user().anonymousId())
        return ctx
      },
    })
    await analytics.track('A')

    expect(server.events).toMatchObject([{ properties: { visitor: 'chosen' } }])
  })

  it('is written again, when it was deleted, by the next call', async () => {
    startServer()
    const [analytics] = await load()
    const id = analytics.user().anonymousId()
    deleteCookie('ajs_anonymous_id')
    await analytics.track('A')

    expect(document.cookie).toContain(`ajs_anonymous_id=${id}`)
  })
})

describe('an anonymous id that is chosen before load', () => {
  it('is that of the calls before it, too', async () => {
    const server = startServer()
    const analytics = new AnalyticsBrowser()
    analytics.track('Early')
    analytics.setAnonymousId('chosen')
    analytics.track('Later')
    analytics.load({ writeKey })
    await settled()

    expect(server.events.map(({ event, anonymousId }) => [event, anonymousId])).toEqual([
      ['Early', 'chosen'],
      ['Later', 'chosen'],
    ])
  })

  it('is so, too, when calls have to wait for what `disable` says', async () => {
    const server = startServer()
    const analytics = new AnalyticsBrowser()
    analytics.track('Early')
    analytics.setAnonymousId('chosen')
    analytics.load({ writeKey }, { disable: () => false })
    await settled()

    expect(server.events).toMatchObject([{ event: 'Early', anonymousId: 'chosen' }])
  })

  it('is that of a new visitor only, when the one before was forgotten', async () => {
    const server = startServer()
    const analytics = new AnalyticsBrowser()
    analytics.track('Early')
    analytics.reset()
    analytics.setAnonymousId('chosen')
    analytics.track('Later')
    analytics.load({ writeKey })
    await settled()

    expect(server.events.map(({ anonymousId }) => anonymousId === 'chosen')).toEqual([false, true])
  })
})

describe('an id that is none', () => {
  it('is taken as text if it is a bigint', async () => {
    const server = startServer()
    await load().identify(...([123n, { email: 'a@a.test' }] as never))

    expect(server.events).toMatchObject([{ userId: '123', traits: { email: 'a@a.test' } }])
    expect(server.events[0]?.context).not.toHaveProperty('email')
  })

  it('is refused, and tells nothing about the visitor of before', async () => {
    const server = startServer()
    const [analytics] = await load()
    await analytics.identify('A')

    await expect(analytics.identify(...([['B'], { email: 'b@b.test' }] as never))).rejects.toThrow(
      'id must be',
    )
    expect(analytics.user().traits()).toEqual({})
    expect(server.events).toHaveLength(1)
  })

  it('found in storage keeps no event back', async () => {
    localStorage.setItem('ajs_anonymous_id', JSON.stringify('x'.repeat(1_000_000)))
    localStorage.setItem('ajs_user_id', JSON.stringify('x'.repeat(1_000_000)))
    const server = startServer()
    await load().track('A')

    expect(server.events).toMatchObject([
      { event: 'A', userId: null, anonymousId: expect.stringMatching(/^[\da-f-]{36}$/) },
    ])
  })
})
