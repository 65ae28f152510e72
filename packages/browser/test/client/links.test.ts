import { describe, expect, it, vi } from 'vitest'
import type { InitOptions } from '../../src'
import { stored } from '../identity/start-page'
import { freshPage } from '../storage/browser-storage'
import { startServer } from './support/fake-server'
import { load, settled, useFreshPages } from './support/start-page'

useFreshPages(
  'https://shop.test/?ajs_aid=visitor&ajs_uid=U&ajs_trait_plan=pro&ajs_event=Clicked&ajs_prop_from=mail',
)

describe('a page whose address says who the visitor is', () => {
  it('has its calls made first, and for that visitor', async () => {
    const server = startServer()
    const analytics = load({ initialPageview: true })
    analytics.track('A')
    await analytics
    await settled()

    expect(server.names).toEqual(['identify', 'Clicked', 'page', 'A'])
    expect(server.events.map(({ anonymousId, userId }) => [anonymousId, userId])).toEqual(
      Array.from({ length: 4 }, () => ['visitor', 'U']),
    )
    expect(server.events).toMatchObject([
      { traits: { plan: 'pro' } },
      { properties: { from: 'mail' } },
      {},
      {},
    ])
  })

  it('has nothing kept before they are made', async () => {
    const server = startServer()
    server.settings = 'hang'
    const analytics = load()
    analytics.track('A')
    await settled()

    expect(stored()).toEqual({ local: {}, cookies: {} })
  })

  it('shows them to plugins and middleware that came before', async () => {
    const server = startServer()
    const analytics = load()
    analytics.addSourceMiddleware(({ payload, next }) => {
      payload.obj.context = { ...payload.obj.context, seen: true }
      next(payload)
    })
    await analytics
    await settled()

    expect(server.events).toMatchObject([
      { type: 'identify', context: { seen: true } },
      { event: 'Clicked', context: { seen: true } },
    ])
  })

  it.each<[string, InitOptions, string[]]>([
    ['not at all', { useQueryString: false }, []],
    ['as far as patterns allow it', { useQueryString: { uid: /^\d+$/ } }, ['Clicked']],
    ['as ever', { useQueryString: true }, ['identify', 'Clicked']],
  ])('is heeded %s', async (_, options, names) => {
    const server = startServer()
    const analytics = load(options)
    await analytics
    await settled()

    expect(server.names).toEqual(names)
  })

  it('is heeded where it stands behind the hash', async () => {
    freshPage('https://shop.test/#/cart?ajs_event=Clicked')
    const server = startServer()
    await load()
    await settled()

    expect(server.names).toEqual(['Clicked'])
  })

  it('is not heeded when the client is disabled', async () => {
    const server = startServer()
    await load({ disable: () => true })
    await settled()

    expect(server.requests).toEqual([])
    expect(stored()).toEqual({ local: {}, cookies: {} })
  })

  it('does not hold calls up until what it asks for is delivered', async () => {
    const server = startServer()
    server.script('hang')
    const called = vi.fn()
    const analytics = load()
    void analytics.ready(called)
    await analytics
    await settled()

    expect(server.names).toContain('identify')
    expect(called).toHaveBeenCalledOnce()
  })
})
