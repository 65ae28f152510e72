import { afterEach, describe, expect, it, vi } from 'vitest'
import type { InitOptions } from '../../src'
import type { AnalyticsBrowserSettings } from '../../src/browser-settings'
import { settingsOf, startServer, usualSettings } from './support/fake-server'
import {
  advance,
  beginPage,
  load,
  outbox,
  plugin,
  setOut,
  settled,
  useFreshPages,
} from './support/start-page'

const client = vi.hoisted(() => ({ arrived: Promise.resolve(), arrive() {} }))

vi.mock('../../src/extensions', async (original) => {
  const { extensions }: typeof import('../../src/extensions') = await original()
  return {
    extensions: async (...args: Parameters<typeof extensions>) => {
      await client.arrived
      return extensions(...args)
    },
  }
})

/** The code of some destination takes its time, and the client waits for it. */
function holdClient(): void {
  client.arrived = new Promise((resolve) => {
    client.arrive = resolve
  })
}

useFreshPages()

afterEach(() => client.arrive())

/** What is there of the page when it is left. */
const states: Record<string, (server: ReturnType<typeof startServer>) => Promise<void>> = {
  'before its settings are known': async (server: ReturnType<typeof startServer>) => {
    server.settings = 'hang'
  },
  'before its client is there': async () => {
    holdClient()
  },
  'when its client is there': async () => {},
}

const segment = { apiHost: 'shop.test/v1' }

/** The page says where its events go. */
const here: InitOptions = { integrations: { 'Segment.io': segment } }

const simple = { method: 'POST', headers: { 'Content-Type': 'text/plain' }, keepalive: true }

describe.each(Object.entries(states))('a page that is left %s', (_state, prepare) => {
  it('sends everything that is not answered in one request that outlives it and asks no leave', async () => {
    const server = startServer()
    server.script('hang')
    await prepare(server)
    const analytics = load({
      integrations: { 'Segment.io': { ...segment, deliveryStrategy: { config: { keepalive: false } } } },
    })
    void analytics.track('A')
    void analytics.identify('U')
    await settled()
    void analytics.track('B')
    await setOut()

    const last = server.requests.at(-1)
    expect(last).toMatchObject({ url: 'https://shop.test/v1/b', init: simple })
    expect(Object.keys(last?.init.headers ?? {})).toEqual(['Content-Type'])
    expect(last?.body.batch?.map(({ event, type }) => event ?? type)).toEqual(['A', 'identify', 'B'])
    expect(last?.body.batch?.[0]).toMatchObject({
      type: 'track',
      anonymousId: expect.any(String),
      userId: null,
      integrations: {},
      context: {
        page: { path: '/start' },
        userAgent: navigator.userAgent,
        locale: navigator.language,
        library: { name: '@sluice/browser' },
      },
      _metadata: { bundled: expect.any(Array) },
    })
    expect(last?.body.batch?.[0]).not.toHaveProperty('options')
  })

  it('lets requests go on that outlive it, and sends what came later', async () => {
    const server = startServer()
    server.script('hang')
    await prepare(server)
    const analytics = load(here)
    void analytics.track('A')
    await settled()
    void analytics.track('B')
    await setOut()

    expect(server.names).toEqual(['A', 'B'])
  })

  it('sends nothing twice, though it is left in several ways', async () => {
    const server = startServer()
    server.script('hang')
    await prepare(server)
    void load(here).track('A')
    window.dispatchEvent(new Event('beforeunload'))
    await setOut()

    expect(server.names).toEqual(['A'])
  })

  it('keeps what it sent, marked, for a page that knows better', async () => {
    const server = startServer()
    server.script('hang')
    await prepare(server)
    void load(here).track('A')
    await settled()
    await setOut()

    expect(outbox()).toMatchObject([{ event: 'A', text: expect.stringMatching(/^left:\d+:/) }])
  })

  it('marks nothing once a request has failed: what leaves may not arrive either', async () => {
    const server = startServer()
    server.script(503, 'hang')
    await prepare(server)
    void load(here).track('A')
    window.dispatchEvent(new Event('beforeunload'))
    await settled()
    await setOut()

    expect(outbox()).toMatchObject([{ event: 'A', text: expect.not.stringMatching(/^left:/) }])
  })

  it('sends what is not kept on the device, too', async () => {
    const server = startServer()
    server.script('hang')
    await prepare(server)
    void load({ ...here, disableClientPersistence: true }).track('A')
    await settled()
    await setOut()

    expect(server.requests.at(-1)).toMatchObject({ init: simple })
    expect(server.events.at(-1)).toMatchObject({ event: 'A' })
  })
})

describe.each(['before its settings are known', 'before its client is there'] as const)(
  'a page that is left %s',
  (state) => {
    it.each<[string, InitOptions, Partial<AnalyticsBrowserSettings>]>([
      ['plugins of the page may change events', here, { plugins: [plugin()] }],
      ['a plan may drop events', { ...here, plan: { track: { A: { enabled: false } } } }, {}],
      ['they are not for the Tracking API', { integrations: { 'Segment.io': false } }, {}],
    ])('leaves events to the next page where %s', async (_what, options, settings) => {
      const server = startServer()
      await states[state]?.(server)
      void load(options, settings).track('A')
      await settled()
      await setOut()

      expect(server.names).toEqual([])
      expect(outbox()).toMatchObject([{ event: 'A', raw: true, text: expect.stringMatching(/^raw:/) }])
    })

    it('leaves events to the next page when something is still to be registered', async () => {
      const server = startServer()
      await states[state]?.(server)
      const analytics = load(here)
      analytics.register(plugin()).catch(() => {})
      void analytics.track('A')
      await settled()
      await setOut()

      expect(server.names).toEqual([])
    })

    it('goes on when the visitor stays: the client sends nothing again that has arrived', async () => {
      const server = startServer()
      await states[state]?.(server)
      const analytics = load(here)
      const tracked = analytics.track('A')
      window.dispatchEvent(new Event('beforeunload'))
      await settled()
      expect([server.names, outbox()]).toEqual([['A'], []])
      client.arrive()
      server.answerSettings?.(usualSettings)
      await advance(1_000)

      expect((await tracked).event.event).toBe('A')
      expect(server.names).toEqual(['A'])
    })

    it('goes on when the visitor stays: what was refused is tried again', async () => {
      const server = startServer()
      server.script(503, 200)
      await states[state]?.(server)
      const analytics = load(here)
      void analytics.track('A')
      window.dispatchEvent(new Event('beforeunload'))
      await settled()
      expect(outbox()).toMatchObject([{ event: 'A', text: expect.stringMatching(/^raw:/) }])
      client.arrive()
      server.answerSettings?.(usualSettings)
      await advance(60_000)

      expect(server.names).toEqual(['A', 'A'])
      expect(outbox()).toEqual([])
    })
  },
)

describe('a page that is left before its client is there', () => {
  it('sends what fits, though another event does not', async () => {
    const server = startServer()
    server.script('hang')
    holdClient()
    const analytics = load(here)
    await settled()
    void analytics.track('A')
    void analytics.track('Large', { text: 'x'.repeat(60_000) })
    void analytics.track('B')
    await setOut()

    expect(server.names).toEqual(['A', 'B'])
    expect(outbox()).toMatchObject([{ event: 'A' }, { event: 'Large', raw: true }, { event: 'B' }])
  })

  it.each(['standard', 'batching'] as const)(
    'sends nothing again when its client comes and it is left once more: %s',
    async (strategy) => {
      const server = startServer()
      server.script('hang')
      holdClient()
      const analytics = load({
        integrations: { 'Segment.io': { ...segment, deliveryStrategy: { strategy } } },
      })
      const names = Array.from({ length: 20 }, (_, index) => `Event ${index + 1}`)
      for (const name of names) void analytics.track(name)
      window.dispatchEvent(new Event('beforeunload'))
      client.arrive()
      await analytics
      await settled()
      await setOut()

      expect(server.names).toEqual(names)
    },
  )

  it('has room for more when it stays', async () => {
    const server = startServer()
    server.script(200)
    holdClient()
    const analytics = load(here)
    await settled()
    const text = 'x'.repeat(10_000)
    const names = ['A', 'B', 'C', 'D', 'E', 'F', 'G', 'H']
    for (const name of names) {
      void analytics.track(name, { text })
      window.dispatchEvent(new Event('beforeunload'))
      await settled()
    }

    expect(server.names).toEqual(names)
    expect(outbox()).toEqual([])
  })

  it('leaves events to the next page where the source has middleware', async () => {
    const server = startServer()
    holdClient()
    void load(here, { cdnSettings: { ...usualSettings, enabledMiddleware: { redact: true } } }).track('A')
    await settled()
    await setOut()

    expect(server.names).toEqual([])
    expect(outbox()).toMatchObject([{ event: 'A', raw: true }])
  })
})

describe('a page that is left before its settings are known', () => {
  it('does not guess where events go', async () => {
    const server = startServer()
    server.settings = 'hang'
    void load().track('A')
    await setOut()

    expect(server.names).toEqual([])
    expect(outbox()).toMatchObject([{ event: 'A', raw: true }])
  })

  it('goes by settings that it was given', async () => {
    const server = startServer()
    const cdnSettings = settingsOf('other-key', { apiHost: 'given.test/v1' })
    void load({}, { cdnSettings }).track('A')
    window.dispatchEvent(new Event('pagehide'))

    expect(server.requests).toMatchObject([
      { url: 'https://given.test/v1/b', body: { writeKey: 'other-key', batch: [{ event: 'A' }] } },
    ])
  })
})

describe('with the defaults of 2026-12', () => {
  it.each(['before its client is there', 'when its client is there'] as const)(
    'no request of a page asks the server first, and all outlive the page: %s',
    async (state) => {
      const server = startServer()
      server.script('hang')
      await states[state]?.(server)
      const analytics = load({ defaults: '2026-12' })
      void analytics.track('A')
      void analytics.track('B')
      await settled()
      await setOut()

      expect(server.names).toEqual(['A', 'B'])
      for (const { init } of server.requests) {
        expect(init).toMatchObject({ keepalive: true })
        expect(init.headers).toEqual({ 'Content-Type': 'text/plain' })
      }
    },
  )
})

describe('without persistence', () => {
  it('what waits to be tried again leaves with the page', async () => {
    const server = startServer()
    server.script(503, 'hang')
    const analytics = load({ disableClientPersistence: true })
    void analytics.track('A')
    await settled()
    expect(server.names).toEqual(['A'])
    await setOut()

    expect(server.names).toEqual(['A', 'A'])
    expect(server.requests[1]).toMatchObject({ init: simple })
  })
})

describe('the next page', () => {
  const leave = async () => {
    const server = startServer()
    server.script('hang')
    void load().track('A')
    await settled()
    await setOut()
    return server
  }

  it('sends again what left before the visitor was on the way to it: the browser may have been closed since', async () => {
    const server = await leave()
    const before = server.names.length
    await vi.advanceTimersByTimeAsync(1_000)
    beginPage()
    server.script(200)
    await load()
    await settled()

    expect(server.names.slice(before)).toEqual(['A'])
    expect(outbox()).toEqual([])
  })

  it('goes by the last step of leaving', async () => {
    const server = startServer()
    server.script('hang')
    void load().track('A')
    await settled()
    window.dispatchEvent(new Event('beforeunload'))
    await advance(1_000)
    beginPage()
    await setOut()
    const before = server.names.length
    server.script(200)
    const analytics = load()
    await settled()
    await analytics.track('B')
    await settled()

    expect(server.names.slice(before)).toEqual(['B'])
    expect(outbox()).toEqual([])
  })

  it('does not send again what left while all was well, once it knows that all is well', async () => {
    const server = await leave()
    const before = server.names.length
    server.script(200)
    const analytics = load()
    await settled()
    expect(outbox()).toMatchObject([{ event: 'A' }])
    await analytics.track('B')
    await settled()

    expect(server.names.slice(before)).toEqual(['B'])
    expect(outbox()).toEqual([])
  })

  it('sends it again when the server turns out to be ill', async () => {
    const server = await leave()
    const before = server.names.length
    server.script(503, 200)
    void load().track('B')
    await advance(60_000)

    expect(server.names.slice(before).sort()).toEqual(['A', 'B', 'B'])
    expect(outbox()).toEqual([])
  })

  it('sends it again when it comes too late to tell', async () => {
    const server = await leave()
    const before = server.names.length
    vi.setSystemTime(Date.now() + 3_600_000)
    server.script(200)
    await load()
    await settled()

    expect(server.names.slice(before)).toEqual(['A'])
    expect(outbox()).toEqual([])
  })
})
