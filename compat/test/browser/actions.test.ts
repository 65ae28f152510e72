import { describe } from 'vitest'
import { agrees } from '../../src/browser/agreement'
import type { MiddlewareCall } from '../../src/browser/library'
import type { Page } from '../../src/browser/page'
import { type ScriptReply, serveScripts } from '../../src/browser/scripts'
import { fields } from '../../src/fields'
import type { Envelope, Fields, Hook, PluginLike } from '../../src/library'
import { plugin } from '../../src/plugins'
import { unhandledRejections } from '../../src/unhandled'

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

const url = 'https://cdn.segment.com/next-integrations/actions/ga4/abc.js'

const ga4 = {
  name: 'Google Analytics 4 Web',
  creationName: 'GA4 Web',
  libraryName: 'ga4Destination',
  url,
  settings: { measurementID: 'G-1', shared: 'entry' },
}

interface Setting {
  entry?: Fields
  /** Settings of the source for the destination. */
  ofSource?: Fields
  options?: Fields
  settings?: Fields
  replies?: Record<string, ScriptReply>
}

/** A client of a source with one such destination, whose script leaves `factory` on the page. */
async function startClient(page: Page, factory: unknown, setting: Setting = {}) {
  const { entry = {}, ofSource, options, settings } = setting
  const asked = serveScripts({
    [url]: { run: () => Reflect.set(globalThis, 'ga4Destination', factory) },
    ...setting.replies,
  })
  const cdnSettings = {
    integrations: { ...fields(page.cdnSettings.integrations), ...(ofSource && { [ga4.name]: ofSource }) },
    remotePlugins: [{ ...ga4, ...entry }],
  }
  const client = await page.start(options, { cdnSettings, ...settings })
  Reflect.deleteProperty(globalThis, 'ga4Destination')
  return { client, asked }
}

/** What the Tracking API got; the peer also sends counts of failures. */
const sent = (page: Page) => page.sent().filter(({ series }) => series === undefined)

/** Plugins that write down the events they get. */
function noting(got: unknown[], type: string, name: string, rest: Partial<PluginLike> = {}): PluginLike {
  const hook: Hook = (ctx) => {
    got.push([name, ctx.event.type, ctx.event.event, ctx.event.properties])
    return ctx
  }
  const hooks = { track: hook, page: hook, identify: hook, group: hook, alias: hook }
  return plugin(type, name, undefined, { ...hooks, ...rest })
}

const counted = (ctx: Envelope) =>
  ctx.stats.metrics
    .filter(({ metric }) => String(metric).startsWith('analytics_js.integration'))
    .map(({ metric, value, type, tags }) => ({ metric, value, type, tags }))

describe('the script of an action destination', () => {
  const asks = (page: Page, setting: Setting) =>
    startClient(page, () => plugin('destination', 'GA4 send'), setting).then(({ asked }) => asked)

  agrees('is asked for where the settings say', (page) => asks(page, {}))
  agrees('is asked for at the CDN of the page', (page) =>
    asks(page, { settings: { cdnURL: 'https://cdn.shop.test' } }),
  )
  agrees('is asked for at the CDN of the page, from the other CDN', (page) =>
    asks(page, {
      entry: { url: 'https://cdn.segment.build/a/b.js' },
      settings: { cdnURL: 'https://cdn.shop.test' },
    }),
  )
  agrees('is asked for at its vendor', (page) =>
    asks(page, {
      entry: { url: 'https://vendor.test/a/b.js' },
      settings: { cdnURL: 'https://cdn.shop.test' },
    }),
  )
  agrees('is hidden, and asked for under its own name after that', (page) =>
    asks(page, { options: { obfuscate: true } }),
  )

  for (const integrations of [
    {},
    { 'GA4 Web': false },
    { 'Google Analytics 4 Web': false },
    { All: false },
    { All: false, 'GA4 Web': true },
    { All: false, 'Google Analytics 4 Web': { a: 1 } },
    { All: false, 'GA4 Web': true, 'Google Analytics 4 Web': false },
    { Other: false },
  ]) {
    agrees(`is loaded, or not, with ${JSON.stringify(integrations)}`, (page) =>
      asks(page, { options: { integrations } }),
    )
  }
})

describe('the function that makes the plugins', () => {
  for (const [title, ofSource, ofPage] of [
    ['of the destination alone', undefined, undefined],
    ['and of the source', { shared: 'source', more: 1 }, undefined],
    ['and of the page', { shared: 'source', more: 1 }, { shared: 'page' }],
    ['and of the page alone', undefined, { shared: 'page' }],
    ['and of a page that only switches it on', { shared: 'source' }, true],
  ] as const) {
    agrees(`gets settings ${title}`, async (page) => {
      const got: unknown[] = []
      const factory = (...args: unknown[]) => {
        got.push(args)
        return plugin('destination', 'GA4 send')
      }
      await startClient(page, factory, {
        ...(ofSource && { ofSource }),
        ...(ofPage && { options: { integrations: { [ga4.name]: ofPage } } }),
      })
      return got
    })
  }

  const makers: [string, (one: PluginLike, other: PluginLike) => unknown][] = [
    ['a plugin', (one) => one],
    ['plugins', (one, other) => [one, other]],
    ['a promise of one', async (one) => one],
    ['a promise of plugins', async (one, other) => [one, other]],
    ['none', () => []],
  ]
  for (const [title, make] of makers) {
    agrees(`may answer ${title}`, async (page) => {
      const got: unknown[] = []
      const factory = () => make(noting(got, 'destination', 'One'), noting(got, 'destination', 'Two'))
      const { client } = await startClient(page, factory)
      await page.value(client.track('E', { a: 1 }))
      return got
    })
  }

  agrees('comes from npm if the page has it', async (page) => {
    const got: unknown[] = []
    const factory = (...args: unknown[]) => {
      got.push(args)
      return noting(got, 'destination', 'One')
    }
    const named = Object.assign(factory, { pluginName: ga4.name })
    const unused = Object.assign(() => got.push('unused'), { pluginName: 'Other' })
    const { client, asked } = await startClient(page, undefined, { settings: { plugins: [unused, named] } })
    await page.value(client.track('E'))
    return [got, asked]
  })
})

describe('the plugins of an action destination', () => {
  for (const type of ['before', 'enrichment', 'destination', 'after', 'utility']) {
    agrees(`are registered under the name of the destination: ${type}`, async (page) => {
      const { client } = await startClient(page, () => [plugin(type, 'One'), plugin(type, 'Two')])
      return client.queue.plugins
        .filter(({ name }) => name === ga4.creationName)
        .map(({ name, type, version, alternativeNames }) => ({ name, type, version, alternativeNames }))
    })

    agrees(`get events: ${type}`, async (page) => {
      const got: unknown[] = []
      const { client } = await startClient(page, () => noting(got, type, 'One'))
      await page.value(client.track('E', { a: 1 }))
      await page.value(client.page('P'))
      await page.value(client.screen('S'))
      await page.value(client.identify('u'))
      await page.value(client.group('g'))
      await page.value(client.alias('to'))
      return got
    })

    agrees(`change what they get, and who sees that: ${type}`, async (page) => {
      const change: Hook = (ctx) => {
        ctx.updateEvent('properties.added', 1)
        ctx.updateEvent('integrations.GA4 Web.session_id', 17)
        return ctx
      }
      const { client } = await startClient(page, () => [plugin(type, 'One', change)])
      const ctx = await page.value(client.track('E', { a: 1 }))
      return [
        ctx.event.properties,
        ctx.event.integrations,
        page.sent().map(({ properties, integrations }) => [properties, integrations]),
      ]
    })

    agrees(`are handed the event's own context, or one of theirs: ${type}`, async (page) => {
      let given: Envelope | undefined
      const { client } = await startClient(page, () =>
        plugin(type, 'One', (ctx) => {
          given = ctx
          return ctx
        }),
      )
      const ctx = await page.value(client.track('E'))
      return [given === ctx, given instanceof page.library.Context || given]
    })

    agrees(`are counted: ${type}`, async (page) => {
      const { client } = await startClient(page, () => plugin(type, 'One', (ctx) => ctx))
      return counted(await page.value(client.track('E')))
    })

    agrees(`are left out if they cannot be loaded: ${type}`, async (page) => {
      const factory = () => [
        plugin(type, 'One', (ctx) => ctx, { load: () => Promise.reject(new Error('mine')) }),
        plugin(type, 'Two', (ctx) => ctx),
      ]
      let facts: unknown
      // With the peer, nobody holds the promise of a plugin that is gone.
      await unhandledRejections(async () => {
        const { client } = await startClient(page, factory)
        const ctx = await page.value(client.track('E'))
        facts = [
          client.queue.failedInitializations,
          client.queue.plugins
            .filter(({ name }) => name === ga4.creationName)
            .map((of) => of.alternativeNames),
          sent(page).map(({ _metadata }) => _metadata),
          counted(ctx),
        ]
      })
      return facts
    })
  }

  agrees('are loaded once each, with a context and the client', async (page) => {
    const loads: unknown[][] = []
    const load = (...args: unknown[]) => {
      loads.push(args)
      return Promise.resolve()
    }
    const factory = () => [
      plugin('enrichment', 'One', undefined, { load }),
      plugin('destination', 'Two', undefined, { load }),
    ]
    const { client } = await startClient(page, factory)
    return loads.map(([ctx, host]) => [ctx, host === client])
  })

  agrees('that fail on an event are counted and passed over', async (page) => {
    const got: unknown[] = []
    const fail = () => {
      throw new Error('mine')
    }
    const { client } = await startClient(page, () => [
      plugin('destination', 'Bad', fail),
      noting(got, 'destination', 'Good'),
    ])
    const ctx = await page.value(client.track('E'))
    return [got, counted(ctx), ctx.failedDelivery(), sent(page).map(({ event }) => event)]
  })

  agrees('that still load get the event later, and the Tracking API has it before', async (page) => {
    const got: unknown[] = []
    const { client } = await startClient(page, () =>
      noting(got, 'destination', 'Slow', { load: () => wait(300) }),
    )
    const tracked = client.track('E')
    await page.pass(100)
    const early = [got.length, page.sent().length]
    await page.value(tracked)
    return [early, got.length, page.sent().length]
  })

  agrees('keep an event from the Tracking API', async (page) => {
    const got: unknown[] = []
    const throttle: Hook = (ctx) => {
      ctx.updateEvent('integrations', { ...fields(ctx.event.integrations), 'Segment.io': false })
      return ctx
    }
    const { client } = await startClient(page, () => [
      plugin('before', 'Throttle', throttle),
      noting(got, 'destination', 'Send'),
    ])
    await page.value(client.track('E'))
    return [got, page.sent()]
  })

  for (const integrations of [
    {},
    { All: false },
    { 'GA4 Web': false },
    { 'Google Analytics 4 Web': false },
    { All: false, 'GA4 Web': { a: 1 } },
    { All: false, Two: true },
    { One: false },
    { 'GA4 Web': true, One: false },
    { 'GA4 Web': false, One: true },
  ]) {
    agrees(`get events or not, with ${JSON.stringify(integrations)} in a call`, async (page) => {
      const got: unknown[] = []
      const { client } = await startClient(page, () => [
        noting(got, 'destination', 'One'),
        noting(got, 'destination', 'Two'),
        noting(got, 'enrichment', 'Three'),
      ])
      await page.value(client.track('E', {}, { integrations }))
      return got
    })
  }

  const drops = (name: string) => (call: MiddlewareCall) =>
    call.next(call.payload.obj.event === name ? null : call.payload)

  for (const name of ['ga4 web', 'GA4 Web', '*', 'One', 'Google Analytics 4 Web']) {
    agrees(`have middleware that is named ${name}`, async (page) => {
      const got: unknown[] = []
      const { client } = await startClient(page, () => [
        noting(got, 'destination', 'One'),
        noting(got, 'enrichment', 'Two'),
      ])
      await page.value(
        client.addDestinationMiddleware(
          name,
          (call) => {
            got.push(call.integration)
            call.payload.obj.properties = { changed: true }
            call.next(call.payload)
          },
          drops('Dropped'),
        ),
      )
      await page.value(client.track('E', { a: 1 }))
      const ctx = await page.value(client.track('Dropped'))
      return [got, counted(ctx), page.sent().map(({ event, properties }) => [event, properties])]
    })
  }

  agrees('are ready when they are loaded', async (page) => {
    const { client } = await startClient(page, () => [
      plugin('destination', 'One', undefined, {
        load: () => wait(100),
        ready: () => Promise.resolve('mine'),
      }),
      plugin('destination', 'Two'),
    ])
    const ready = client.ready()
    const early = await page.settled(ready, 50)
    const results = await page.value(ready)
    return [early, (results as unknown[]).filter((result) => result !== undefined)]
  })

  agrees('go when the destination is deregistered', async (page) => {
    const ran: unknown[] = []
    const { client } = await startClient(page, () =>
      noting(ran, 'destination', 'One', { unload: (ctx, host) => void ran.push([ctx, host === client]) }),
    )
    await page.value(client.deregister(ga4.creationName))
    await page.value(client.track('E'))
    return ran
  })
})
