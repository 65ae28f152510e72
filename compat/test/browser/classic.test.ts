import { describe } from 'vitest'
import { agrees } from '../../src/browser/agreement'
import { type Facade, type IntegrationParts, notedIntegration } from '../../src/browser/classic-integration'
import type { MiddlewareCall, PageClient } from '../../src/browser/library'
import type { Page } from '../../src/browser/page'
import type { ScriptReply } from '../../src/browser/scripts'
import {
  address,
  leaving,
  ofBrowser,
  settingsOf,
  startClient,
  startFromCDN,
} from '../../src/browser/start-classic'
import { fields } from '../../src/fields'
import type { Envelope, Fields } from '../../src/library'

async function callAll(page: Page, client: PageClient) {
  await page.value(client.track('Order Completed', { revenue: '$12.50', at: '2020-02-03', order_id: 7 }))
  await page.value(client.page('Docs', 'Start', { n: 1 }))
  await page.value(client.identify('u', { email: 'u@example.com', created: '2020-02-03T04:05:06.000Z' }))
  await page.value(client.group('g', { seats: 5 }))
  await page.value(client.alias('u', 'before'))
  await page.value(client.screen('Screen'))
}

const counted = ({ stats }: Envelope) =>
  stats.metrics
    .filter(({ metric }) => String(metric).startsWith('analytics_js.integration'))
    .map(({ metric, value, type, tags }) => ({ metric, value, type, tags }))

const sent = (page: Page) => page.sent().filter(({ series }) => series === undefined)

const failing = () => {
  throw new Error('mine')
}

describe('a classic destination', () => {
  const readers = [
    ...['userId', 'anonymousId', 'traits', 'properties', 'event', 'revenue', 'orderId', 'currency', 'email'],
    ...['fullName', 'category', 'name', 'groupId', 'previousId', 'to', 'from', 'type', 'timestamp', 'json'],
    ...['options', 'integrations', 'created', 'subtotal', 'quantity', 'products'],
  ]
  const readAll = (facade: Facade) =>
    Object.fromEntries(readers.map((name) => [name, facade[name] ? facade[name]() : 'nothing to read it by']))

  for (const options of [{}, { disableAutoISOConversion: true }, { disableAutoISOConversion: false }]) {
    agrees(`reads the same of all calls, with ${JSON.stringify(options)}`, async (page) => {
      const { client, told } = await startClient(page, {}, { options }, readAll)
      await callAll(page, client)
      return told
    })
  }

  agrees('finds in an event what a path names', async (page) => {
    const paths = ['properties.at', 'properties.orderID', 'context.page.url', 'context.campaign', 'messageId']
    const { client, told } = await startClient(page, {}, {}, (facade) =>
      paths.map((path) => facade.proxy?.(path)),
    )
    await page.value(client.track('E', { at: '2020-02-03', order_id: 7 }))
    return told
  })

  agrees('reads what integrations say of it', async (page) => {
    const { client, told } = await startClient(page, {}, {}, (facade) => [
      facade.enabled?.('Noted'),
      facade.enabled?.('Other'),
      facade.options?.('Noted'),
    ])
    await page.value(client.track('E', {}, { integrations: { Noted: { groups: [1] }, Other: false } }))
    return told
  })

  agrees('spoils events for nobody else', async (page) => {
    const invoked = (_: string, facade: Facade) => {
      facade.obj.event = 'Spoilt'
      fields(facade.obj.properties).spoilt = true
    }
    const { client } = await startClient(page, { invoked })
    const ctx = await page.value(client.track('E', { a: 1 }))
    return [
      ctx.event.event,
      ctx.event.properties,
      sent(page).map(({ event, properties }) => [event, properties]),
    ]
  })

  for (const integrations of [
    {},
    { Noted: false },
    { All: false },
    { All: false, Noted: true },
    { All: false, Noted: { a: 1 } },
    { noted: false },
  ]) {
    const text = JSON.stringify(integrations)
    agrees(`is switched by the integrations of a call: ${text}`, async (page) => {
      const { client, told } = await startClient(page)
      await page.value(client.track('E', {}, { integrations }))
      return [told.length, sent(page).map(({ integrations }) => integrations)]
    })
    agrees(`is switched by the integrations of the client: ${text}`, async (page) => {
      const { client, told } = await startClient(page, {}, { options: { integrations } })
      await page.value(client.track('E'))
      return [told, client.queue.plugins.filter(({ name }) => name === 'Noted').map(({ type }) => type)]
    })
  }

  agrees('is counted', async (page) => {
    const { client } = await startClient(page)
    const ctxs = [
      await page.value(client.track('E')),
      await page.value(client.page()),
      await page.value(client.identify('u')),
    ]
    return ctxs.map(counted)
  })

  for (const [how, invoked] of Object.entries({
    throws: failing,
    rejects: () => Promise.reject(new Error('mine')),
  })) {
    agrees(`that ${how} harms nobody, and is counted`, async (page) => {
      const { client, told } = await startClient(page, { invoked })
      const ctx = await page.value(client.track('E'))
      await page.pass(10)
      return [
        told.length,
        counted(ctx),
        ctx.failedDelivery(),
        sent(page).map(({ event }) => event),
        ctx.logs().filter(({ level }) => level === 'error'),
      ]
    })
  }

  agrees('is not told of what is switched off', async (page) => {
    const { told } = await startClient(page, {}, { options: { integrations: { All: false } } })
    return told
  })
})

describe('a classic destination from npm', () => {
  for (const ofSource of [{}, { Noted: {} }, { Noted: { type: 'server' } }, { Noted: ofBrowser }]) {
    for (const integrations of [{}, { Noted: true }, { Noted: { a: 2 } }]) {
      const text = `${JSON.stringify(ofSource)} and ${JSON.stringify(integrations)}`
      // Settings that only the page has are lost in the peer: see `classic-better`.
      if (!('Noted' in ofSource) && typeof integrations.Noted === 'object') continue
      agrees(`is used, or not, with ${text}`, async (page) => {
        const { told } = await startClient(page, {}, { ofSource, options: { integrations } })
        return told
      })
    }
  }

  agrees('is made of settings of the source and the page', async (page) => {
    const { told } = await startClient(
      page,
      {},
      {
        ofSource: { Noted: { ...ofBrowser, a: 1, deep: { x: 1 }, versionSettings: { version: '2' } } },
        options: { integrations: { Noted: { b: 2, deep: { y: 2 } } } },
      },
    )
    return told
  })

  agrees('may be a function that carries it', async (page) => {
    const { source, told } = notedIntegration()
    const prepare = (host: Fields) => {
      told.push(['prepared with', Object.keys(host).sort(), typeof fields(host).user])
      for (const name of ['addIntegration', 'user'])
        Reflect.apply(host[name] as () => unknown, host, [source])
    }
    const carrying = Object.assign(prepare, { Integration: source })
    const client = await page.start(
      {},
      { cdnSettings: settingsOf(page, {}), classicIntegrations: [carrying] },
    )
    await page.value(client.track('E'))
    return told
  })

  agrees('knows the client', async (page) => {
    let analytics: unknown
    const initialize = function (this: object) {
      analytics = Reflect.get(this, 'analytics')
    }
    const { client } = await startClient(page, { initialize })
    const used = ['user', 'track', 'identify', 'group', 'addIntegration', 'page', 'ready', 'on', 'VERSION']
    return [analytics === client, used.map((name) => typeof Reflect.get(client, name))]
  })
})

describe('a classic destination from the CDN', () => {
  const { source } = notedIntegration()

  agrees('has a script at the address of its name and version', async (page) => {
    const ofSource = {
      'Google Analytics 4.0 Beta.2': ofBrowser,
      Versioned: { ...ofBrowser, versionSettings: { version: '1.2.3' } },
      Overridden: { ...ofBrowser, versionSettings: { version: '1.2.3', override: '2.0.0' } },
    }
    return (await startFromCDN(page, {}, { ofSource })).asked.sort()
  })

  agrees('hides its name', async (page) => {
    const setting = { ofSource: { 'Some Name': ofBrowser, Noted: ofBrowser }, options: { obfuscate: true } }
    return (await startFromCDN(page, {}, setting)).asked.sort()
  })

  agrees('has a script at the CDN of the page', async (page) => {
    return (await startFromCDN(page, {}, {}, { cdnURL: 'https://cdn.shop.test' })).asked
  })

  agrees('is one of those that run on pages', async (page) => {
    const versionSettings = (componentTypes: string[]) => ({ versionSettings: { componentTypes } })
    const ofSource = {
      'Of browsers': ofBrowser,
      'Of servers': { type: 'server' },
      'Of nobody': {},
      'With a component': versionSettings(['server', 'browser']),
      'Without a component': versionSettings(['server']),
      Bundled: { ...ofBrowser, bundlingStatus: 'bundled' },
      Unbundled: { ...ofBrowser, bundlingStatus: 'unbundled' },
      Otherwise: { ...ofBrowser, bundlingStatus: 'something else' },
      'Segment Something': ofBrowser,
      Iterable: ofBrowser,
    }
    return (await startFromCDN(page, {}, { ofSource })).asked.sort()
  })

  agrees('is made of what its scripts leave', async (page) => {
    const { source, told } = notedIntegration()
    const main = address('/integrations/noted/latest/noted.dynamic.js.gz')
    const deps = ['/vendor/a.1.js', '/vendor/b.2.js']
    const { client, asked } = await startFromCDN(page, {
      [main]: leaving('noted', source, deps),
      ...Object.fromEntries(deps.map((path) => [address(`${path}.gz`), { run() {} }])),
    })
    const ctx = await page.value(client.track('E'))
    return [asked, told, counted(ctx), client.queue.failedInitializations]
  })

  for (const [how, reply] of Object.entries<ScriptReply>({
    'cannot be loaded': 'error',
    'leaves nothing': { run() {} },
    'leaves no integration': leaving('noted', undefined),
    'leaves one that needs what cannot be loaded': leaving('noted', source, ['/vendor/missing.js']),
    'leaves one that throws when it is initialized': leaving(
      'noted',
      notedIntegration({ initialize: failing }).source,
    ),
  })) {
    agrees(`is left out when its script ${how}`, async (page) => {
      // What the script of an earlier page has left is still there.
      for (const what of ['Deps', 'Loader', 'Integration']) Reflect.deleteProperty(globalThis, `noted${what}`)
      const main = address('/integrations/noted/latest/noted.dynamic.js.gz')
      const { client } = await startFromCDN(page, { [main]: reply })
      await page.value(client.track('E'))
      return [
        client.queue.failedInitializations,
        client.queue.plugins.map(({ name }) => name).sort(),
        sent(page).map(({ event, _metadata }) => [event, _metadata]),
        page.printed.filter(({ level }) => level === 'warn').map(({ args }) => args[0]),
      ]
    })
  }
})

describe('until a classic destination is ready', () => {
  agrees('events wait for it, but not page views', async (page) => {
    const { client, told } = await startClient(page, { readyAfterMs: 500 })
    await page.value(client.page('P'))
    await page.value(client.track('A'))
    await page.value(client.identify('u'))
    const before = [...told]
    await page.pass(10_000)
    return [before, told]
  })

  agrees('nobody waits for it', async (page) => {
    const { client } = await startClient(page, { readyAfterMs: 'never' })
    const start = Date.now()
    await page.value(client.track('A'))
    return [Date.now() - start < 10, sent(page).map(({ event }) => event)]
  })

  agrees('ready waits, too', async (page) => {
    const { client } = await startClient(page, { readyAfterMs: 500 })
    const early = await page.settled(client.ready(), 100)
    await page.pass(500)
    // Which plugins there are besides is not the same.
    const results = await page.value(client.ready())
    return [early, (results as unknown[]).filter((result) => result !== undefined)]
  })

  agrees('the first page lets one begin that tells of it by itself', async (page) => {
    let times = 0
    const { client, told } = await startClient(page, {
      assumesPageview: true,
      initialize() {
        times += 1
        if (times < 2) return
        this.emit('initialize')
        this.emit('ready')
      },
    })
    await page.value(client.page('One'))
    await page.value(client.page('Two'))
    await page.value(client.track('E'))
    await page.pass(10)
    return told
  })

  agrees('the next page has what waited on this one, but no page views', async (page) => {
    const { client } = await startClient(page, { readyAfterMs: 'never' })
    await page.value(client.track('A', { a: 1 }))
    await page.value(client.identify('u'))
    page.leave()
    await page.pass(100)
    const kept = JSON.parse(localStorage.getItem('persisted-queue:v1:the-key:dest-Noted:items') ?? '[]')
    const next = await startClient(page)
    await page.pass(10_000)
    return [
      (kept as Fields[]).map(({ event }) => [
        fields(event).type,
        fields(event).event,
        fields(event).properties,
      ]),
      next.told,
    ]
  })
})

describe('while the page is offline', () => {
  agrees('events wait for the network, but not page views', async (page) => {
    const { client, told } = await startClient(page)
    page.setOnline(false)
    void client.page('P')
    void client.track('A')
    await page.pass(100)
    const before = [...told]
    page.setOnline(true)
    await page.pass(10_000)
    return [before, told]
  })
})

describe('middleware of a classic destination', () => {
  const runs: Record<string, (call: MiddlewareCall) => unknown> = {
    'changes what it gets': ({ payload, next }) => {
      payload.obj.properties = { changed: true }
      next(payload)
    },
    'changes what it gets, later': async ({ payload, next }) => {
      await new Promise((resolve) => setTimeout(resolve, 20))
      payload.obj.event = 'Later'
      next(payload)
    },
    'drops what it gets': ({ next }) => next(null),
    'drops what it gets by saying nothing': () => {},
    'may fail': failing,
  }
  for (const [what, run] of Object.entries(runs)) {
    agrees(what, async (page) => {
      const { client, told } = await startClient(page, {}, {}, ({ obj }) => [obj.event, obj.properties])
      await page.value(client.addDestinationMiddleware('noted', run))
      const ctx = await page.value(client.track('E', { a: 1 }))
      return [
        told,
        ctx.event.properties,
        ctx.failedDelivery(),
        sent(page).map(({ event, properties }) => [event, properties]),
      ]
    })
  }
})

describe('the tracking plan', () => {
  const plans: Record<string, Fields> = {
    'enables the event': { E: { enabled: true, integrations: {} } },
    'disables the event': { E: { enabled: false, integrations: {} } },
    'disables the event for it': { E: { enabled: true, integrations: { Noted: false } } },
    'disables what it does not name': { __default: { enabled: false, integrations: {} } },
    'says nothing of the event': { F: { enabled: false, integrations: {} } },
  }
  for (const [what, track] of Object.entries(plans)) {
    for (const integrations of [{}, { Noted: true }]) {
      agrees(`${what}, with ${JSON.stringify(integrations)}`, async (page) => {
        const { client, told } = await startClient(page, {}, { options: { plan: { track } } })
        const ctx = await page.value(client.track('E', {}, { integrations }))
        return [
          told,
          ctx.failedDelivery(),
          ctx.logs().some(({ message }) => message === 'Dropped by plan'),
          sent(page).map(({ integrations }) => integrations),
        ]
      })
    }
  }

  agrees('of the source counts as well', async (page) => {
    const plan = { track: { E: { enabled: false, integrations: {} } } }
    const { client, told } = await startClient(page, {}, { cdn: { plan } })
    await page.value(client.track('E'))
    return [told, sent(page).map(({ integrations }) => integrations)]
  })
})

describe('what the server is told of destinations', () => {
  const bundled = { bundlingStatus: 'bundled' }
  const unbundled = { bundlingStatus: 'unbundled' }
  const sources: [what: string, segment: Fields, others: Fields][] = [
    ['none', {}, {}],
    ['the Tracking API itself', { ...bundled, maybeBundledConfigIds: { 'Segment.io': ['id'] } }, {}],
    ['all kinds', {}, { Zed: bundled, Alpha: bundled, Beta: unbundled, Gamma: unbundled, Delta: {} }],
    [
      'those it never bundles',
      { unbundledIntegrations: ['Zed', 'Beta', 'Alpha'] },
      { Beta: unbundled, Delta: bundled },
    ],
    ['those named twice', { unbundledIntegrations: ['Zed', 'Zed', 'Delta'] }, { Delta: bundled }],
    [
      'ids of those it may bundle',
      { maybeBundledConfigIds: { Zed: ['z1', 'z2'], Alpha: ['a1'], Beta: ['b1'], 'Segment.io': ['s1'] } },
      { Zed: bundled, Alpha: bundled, Beta: unbundled },
    ],
    ['ids of configurations', { bundledConfigIds: ['x'], unbundledConfigIds: ['y'] }, { Zed: bundled }],
    [
      'nothing, as it asks',
      { addBundledMetadata: false, unbundledIntegrations: ['Zed'] },
      { Alpha: bundled },
    ],
    ['what it asks for', { addBundledMetadata: true, unbundledIntegrations: ['Zed'] }, { Alpha: bundled }],
    ['other statuses', {}, { Alpha: { bundlingStatus: 'BUNDLED' }, Beta: { bundlingStatus: '' } }],
  ]
  const metadata = (page: Page) => sent(page).map(({ _metadata }) => _metadata)

  for (const [what, segment, others] of sources) {
    const ofSource = { 'Segment.io': { apiKey: 'k', ...segment }, ...others }
    agrees(`is ${what}`, async (page) => {
      const client = await page.start({}, { cdnSettings: settingsOf(page, { ofSource }) })
      await page.value(client.track('E'))
      return metadata(page)
    })

    agrees(`is ${what}, and that one could not be loaded`, async (page) => {
      const { client } = await startClient(
        page,
        { initialize: failing },
        { ofSource: { ...ofSource, Noted: { ...ofBrowser, ...bundled } } },
      )
      await page.value(client.track('E'))
      return metadata(page)
    })

    agrees(`is ${what}, whatever the page switches off`, async (page) => {
      const client = await page.start(
        { integrations: { Alpha: false, Zed: false } },
        { cdnSettings: settingsOf(page, { ofSource }) },
      )
      await page.value(client.track('E'))
      return metadata(page)
    })
  }

  agrees('is what settings of the page say over those of the source', async (page) => {
    const ofPage = { unbundledIntegrations: ['Of the page'], addBundledMetadata: true }
    const client = await page.start(
      { integrations: { 'Segment.io': ofPage } },
      {
        cdnSettings: settingsOf(page, {
          ofSource: { 'Segment.io': { apiKey: 'k', addBundledMetadata: false } },
        }),
      },
    )
    await page.value(client.track('E'))
    return metadata(page)
  })
})

describe('what is counted when a classic destination is loaded', () => {
  for (const [how, parts] of Object.entries<IntegrationParts>({
    fine: {},
    failing: { initialize: failing },
  })) {
    agrees(`${how}`, async (page) => {
      const { source } = notedIntegration(parts)
      const [, ctx] = await page.value(
        page.load({}, { cdnSettings: settingsOf(page, {}), classicIntegrations: [source] }),
      )
      await page.pass(10)
      return counted(ctx)
    })
  }
})
