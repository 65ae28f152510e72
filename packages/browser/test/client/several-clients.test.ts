import { describe, expect, it, vi } from 'vitest'
import type { InitOptions } from '../../src'
import { stored } from '../identity/start-page'
import { settingsOf, startServer } from './support/fake-server'
import { advance, leavePage, load, outbox, plugin, settled, useFreshPages } from './support/start-page'

useFreshPages()

/** Two clients on one page, of two sources. */
async function startTwo(first: InitOptions = {}, second: InitOptions = {}) {
  const server = startServer()
  const clients = [
    load(first, { writeKey: 'first', cdnSettings: settingsOf('first-api', { apiHost: 'first.test' }) }),
    load(second, { writeKey: 'second', cdnSettings: settingsOf('second-api', { apiHost: 'second.test' }) }),
  ] as const
  const [[one], [two]] = await Promise.all(clients)
  return { server, one, two }
}

describe('two clients on a page', () => {
  it('send to their own source, each its own events', async () => {
    const { server, one, two } = await startTwo()
    await one.track('A')
    await two.track('B')

    expect(server.requests).toMatchObject([
      { url: 'https://first.test/t', body: { event: 'A', writeKey: 'first-api' } },
      { url: 'https://second.test/t', body: { event: 'B', writeKey: 'second-api' } },
    ])
  })

  it('do not share what each is told of its visitor', async () => {
    const { server, one, two } = await startTwo(
      { user: { cookie: { key: 'first_id' }, localStorage: { key: 'first_traits' }, persist: false } },
      { cookie: { maxage: 1 } },
    )
    await one.identify('U', { plan: 'pro' })
    await two.track('B')

    expect(server.events).toMatchObject([{ userId: 'U' }, { userId: null }])
    expect(two.user().traits()).toEqual({})
    expect(JSON.stringify(stored())).not.toContain('pro')
  })

  it('do not share what they keep', async () => {
    const server = startServer()
    server.settings = 'hang'
    load({}, { writeKey: 'first' }).track('A')
    load({}, { writeKey: 'second' }).track('B')
    expect(outbox('first').map(({ event }) => event)).toEqual(['A'])
    expect(outbox('second').map(({ event }) => event)).toEqual(['B'])
    await leavePage()

    server.settings = settingsOf('second-api')
    await load({}, { writeKey: 'second' })
    await advance(60_000)
    expect(server.events).toMatchObject([{ event: 'B', writeKey: 'second-api' }])
    expect(outbox('first').map(({ event }) => event)).toEqual(['A'])
  })

  it('do not share what is kept when one of them may keep nothing', async () => {
    const { server, one, two } = await startTwo({ disableClientPersistence: true })
    server.script('hang')
    const ad = { url: 'https://shop.test/?urid=ad-1' }
    const options = { context: { page: { search: '?urid=ad-1', ...ad } } }
    one.track('A', {}, options)
    await settled()

    expect(stored().cookies).not.toHaveProperty('s:context.referrer')
    expect(outbox('first')).toEqual([])
    two.track('B', {}, options)
    await settled()
    expect(stored().cookies).toHaveProperty('s:context.referrer')
    expect(outbox('second')).toHaveLength(1)
  })

  it('do not share plugins, listeners or time limits', async () => {
    const { one, two } = await startTwo()
    const heard = vi.fn()
    one.on('track', heard).timeout(50)
    await one.register(plugin({ name: 'Mine' }))
    await two.track('B')

    expect(heard).not.toHaveBeenCalled()
    expect(two.queue.plugins.map(({ name }) => name)).toEqual(['Page Enrichment', 'Segment.io'])
    expect(two.settings.timeout).toBe(300)
  })

  it('do not wait for each other', async () => {
    const { server, one, two } = await startTwo()
    server.script({ status: 429, headers: { 'Retry-After': '60' } }, 200)
    await one.track('A')
    await two.track('B')

    expect(server.names).toEqual(['A', 'B'])
  })

  it('of one source deliver every event once', async () => {
    const server = startServer()
    const [one, two] = [load(), load()]
    one.track('A')
    two.track('B')
    await Promise.all([one, two])
    await advance(60_000)

    expect(server.names.sort()).toEqual(['A', 'B'])
    expect(outbox()).toEqual([])
  })
})
