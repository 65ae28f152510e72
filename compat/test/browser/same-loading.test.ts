import { describe } from 'vitest'
import { agrees, shows } from '../../src/browser/agreement'
import { callOf, type Page } from '../../src/browser/page'
import { fields } from '../../src/fields'
import { plugin } from '../../src/plugins'

const eventsOf = (page: Page) =>
  page.sent().map(({ type, event, name, userId }) => [type, event ?? name, userId])

describe('load', () => {
  agrees(
    'fetches the settings, once',
    async (page) => {
      const { AnalyticsBrowser } = page.library
      const analytics = AnalyticsBrowser.load({ writeKey: 'some key' })
      const [client] = await page.value(analytics)
      // The peer leaves it to the browser to encode the key.
      const requests = page.requests.map((request) => ({
        ...request,
        url: encodeURI(decodeURI(request.url)),
      }))
      return [requests, client.settings.cdnSettings, client.settings.writeKey]
    },
    { cdn: { extra: { kept: true } } },
  )

  agrees('fetches them from the CDN that is given', async (page) => {
    const { AnalyticsBrowser } = page.library
    const [client] = await page.value(
      AnalyticsBrowser.load({ writeKey: 'k', cdnURL: 'https://cdn.example.com' }),
    )
    return [page.requests, client.settings.cdnURL]
  })

  agrees('fetches none if they are given', async (page) => {
    await page.start()
    return page.requests
  })

  agrees('counts only once', async (page) => {
    const analytics = new page.library.AnalyticsBrowser()
    const answers = [
      analytics.load({ writeKey: 'first' }) === analytics,
      analytics.load({ writeKey: 'second' }) === analytics,
    ]
    await page.value(analytics)
    return [answers, page.requests.map(({ url }) => url)]
  })

  agrees('does nothing before it is called', async (page) => {
    const analytics = new page.library.AnalyticsBrowser()
    const sent = analytics.track('E')
    await page.pass(100)
    const early = page.requests.length
    analytics.load({ writeKey: 'k', cdnSettings: page.cdnSettings })
    await page.value(sent)
    return [early, eventsOf(page)]
  })

  agrees('answers a promise of the client and a context of the system', async (page) => {
    const analytics = page.load()
    const before = [analytics.instance, analytics.ctx]
    const [client, ctx] = await page.value(analytics)
    return {
      before,
      same: [analytics.instance === client, analytics.ctx === ctx],
      isClient: client instanceof page.library.Analytics,
      ctx: ctx.event,
      chained: await page.value(analytics.then(([loaded]) => loaded === client)),
      finally: await page.value(analytics.finally(() => {}).then(Array.isArray)),
      caught: await page.value(analytics.catch(() => {}).then(Array.isArray)),
      version: typeof analytics.VERSION,
    }
  })

  agrees('standalone answers the client itself', async (page) => {
    const client = await page.value(page.library.AnalyticsBrowser.standalone('k', {}))
    await page.value(client.track('E'))
    return [client instanceof page.library.Analytics, page.requests.map(({ url }) => url), client.initialized]
  })

  agrees('sends a first page view if asked to', async (page) => {
    await page.start({ initialPageview: true })
    await page.pass(10)
    return page.sent().map(({ type, properties }) => [type, properties])
  })

  agrees('registers the plugins that are given, after its own', async (page) => {
    const client = await page.start({}, { plugins: [plugin('enrichment', 'mine', (ctx) => ctx)] })
    return client.queue.plugins.map(({ name, type }) => [name, type])
  })

  agrees('leaves out functions that no settings ask for', async (page) => {
    const factory = Object.assign(() => plugin('enrichment', 'made'), { pluginName: 'unknown' })
    const client = await page.start({}, { plugins: [factory, () => {}] })
    return client.queue.plugins.map(({ name }) => name)
  })

  agrees('may be told to change the settings', async (page) => {
    const seen: unknown[] = []
    const client = await page.start({
      updateCDNSettings: (settings: unknown) => {
        seen.push(settings)
        return { integrations: { 'Segment.io': { apiKey: 'changed', apiHost: 'api.example.com/v1' } } }
      },
    })
    await page.value(client.track('E'))
    return [seen, client.settings.cdnSettings, page.sent().map(({ writeKey }) => writeKey), page.deliveries()]
  })

  for (const [name, settings, options] of [
    ['neither', undefined, undefined],
    ['the source', false, undefined],
    ['the page', undefined, false],
    ['the page against the source', false, true],
    ['the source against the page', true, false],
  ] as const) {
    agrees(`resolves retryQueue: ${name}`, async (page) => {
      const segment = { apiKey: 'the-key', ...(settings !== undefined && { retryQueue: settings }) }
      const client = await page.start(options === undefined ? {} : { retryQueue: options }, {
        cdnSettings: { integrations: { 'Segment.io': segment } },
      })
      return client.options
    })
  }

  agrees('keeps nothing if nothing may be kept', async (page) => {
    const client = await page.start({ disableClientPersistence: true })
    await page.value(client.identify('u', { a: 1 }))
    await page.value(client.group('g', { a: 1 }))
    const user = [client.user().id(), client.user().traits(), client.group().id(), client.group().traits()]
    page.leave()
    return [page.kept(), user, page.cookieJar.calls.writes > 0, eventsOf(page)]
  })
})

describe('a client that is disabled', () => {
  for (const [name, disable] of [
    ['true', true],
    ['a function that says so', () => true],
    ['a function that promises so', () => Promise.resolve(true)],
  ] as const) {
    agrees(`by ${name}`, async (page) => {
      const analytics = page.load({ disable })
      const [client, ctx] = await page.value(analytics)
      const after = await page.settled(analytics.track('E'))
      await page.settled(client.identify('u'))
      await page.pass(1_000)
      return [
        client instanceof page.library.NullAnalytics,
        ctx.event,
        after,
        page.requests,
        page.kept(),
        client.queue.plugins,
      ]
    })
  }

  for (const [name, disable] of [
    ['false', false],
    ['a function that says no', () => false],
    ['a function that promises no', () => Promise.resolve(false)],
    ['a word', 'true'],
    ['a number', 1],
  ] as const) {
    agrees(`is not, by ${name}`, async (page) => {
      const client = await page.start({ disable })
      await page.value(client.track('E'))
      return [client instanceof page.library.NullAnalytics, eventsOf(page)]
    })
  }

  agrees('is asked about with the settings as they were changed', async (page) => {
    const seen: unknown[] = []
    await page.start({
      updateCDNSettings: () => ({ integrations: { 'Segment.io': { apiKey: 'changed' } } }),
      disable: (settings: unknown) => {
        seen.push(settings)
        return true
      },
    })
    return seen
  })
})

describe('calls before load is done', () => {
  const methods: [string, unknown[]][] = [
    ['track', ['E', { a: 1 }]],
    ['page', ['N']],
    ['screen', ['N']],
    ['identify', ['u', { a: 1 }]],
    ['group', ['g', { a: 1 }]],
    ['alias', ['to', 'from']],
  ]
  for (const [method, args] of methods) {
    agrees(`are made when it is: ${method}`, async (page) => {
      const analytics = page.load()
      const answer = callOf(analytics, method, args)
      const end = await page.settled(answer)
      return [answer instanceof Promise, end, page.sent().map(({ sentAt, timestamp, ...event }) => event)]
    })
  }

  agrees('answer as those after it', async (page) => {
    const analytics = page.load()
    const calls = () => ({
      user: analytics.user(),
      group: analytics.group(),
      setAnonymousId: analytics.setAnonymousId('mine'),
      ready: analytics.ready(),
      register: analytics.register(plugin('enrichment', 'p')),
      deregister: analytics.deregister('p'),
      addSourceMiddleware: analytics.addSourceMiddleware(({ payload, next }) => next(payload)),
      addDestinationMiddleware: analytics.addDestinationMiddleware('x', () => {}),
    })
    const kinds = async (answers: Record<string, Promise<unknown>>) => {
      const entries: unknown[] = []
      for (const [name, answer] of Object.entries(answers)) {
        const value = await page.value(answer)
        entries.push([
          name,
          answer instanceof Promise,
          typeof value,
          Array.isArray(value),
          value === analytics.instance,
        ])
      }
      return entries
    }
    const before = await kinds(calls())
    return [before, await kinds(calls())]
  })

  agrees('that listen can be chained', async (page) => {
    const analytics = page.load()
    const seen: unknown[] = []
    const note =
      (name: string) =>
      (...args: unknown[]) =>
        seen.push([name, ...args])
    const twice = note('on')
    const chained = [
      analytics.on('track', twice) === analytics,
      analytics.once('track', note('once')) === analytics,
      analytics.debug(false) === analytics,
    ]
    await page.value(analytics)
    await page.pass(1)
    await page.value(analytics.track('A'))
    chained.push(analytics.off('track', twice) === analytics)
    await page.value(analytics.track('B'))
    return [chained, seen]
  })

  agrees('that are wrong are rejected alone', async (page) => {
    const analytics = page.load()
    const calls = [analytics.track(''), analytics.track('Good'), analytics.track('E', {}, { messageId: 1 })]
    const ends = await page.value(Promise.allSettled(calls))
    return [ends, eventsOf(page)]
  })

  agrees('that set the visitor come before all others', async (page) => {
    const analytics = page.load()
    const sent = analytics.track('E')
    void analytics.setAnonymousId('mine')
    await page.value(sent)
    return eventsOf(page)
  })

  agrees('that register plugins come before events', async (page) => {
    const analytics = page.load()
    const sent = analytics.track('E')
    const added = plugin('enrichment', 'mine', (ctx) => {
      ctx.updateEvent('properties.added', true)
      return ctx
    })
    void analytics.register(added)
    void analytics.addSourceMiddleware(({ payload, next }) => {
      fields(payload.obj.properties).early = true
      next(payload)
    })
    await page.value(sent)
    return page.sent().map(({ properties }) => properties)
  })

  agrees('of one kind keep their order', async (page) => {
    const analytics = page.load()
    const all = ['1', '2', '3', '4'].map((event) => analytics.track(event))
    await page.value(Promise.all(all))
    return eventsOf(page)
  })

  agrees('hear of what happens while it loads', async (page) => {
    const analytics = page.load({ integrations: {} })
    const seen: string[] = []
    for (const name of ['initialize', 'track', 'dispatch_start']) analytics.on(name, () => seen.push(name))
    await page.value(analytics.track('E'))
    return seen.sort()
  })

  agrees('do not need load in the same turn', async (page) => {
    const analytics = new page.library.AnalyticsBrowser()
    const sent = analytics.identify('u')
    await page.pass(5_000)
    analytics.load({ writeKey: 'k' })
    await page.value(sent)
    return eventsOf(page)
  })
})

describe('calls after load', () => {
  agrees('go to the client', async (page) => {
    const analytics = page.load()
    await page.value(analytics)
    const answers = [
      await page.settled(analytics.track('E', { a: 1 })),
      await page.settled(analytics.pageView('/path')),
      await page.settled(analytics.identify('u')),
      await page.settled(analytics.track('')),
    ]
    return [answers.map((answer) => Object.keys(Object(answer))), eventsOf(page)]
  })

  agrees('answer users and groups', async (page) => {
    const analytics = page.load()
    await page.value(analytics.identify('u', { a: 1 }))
    await page.value(analytics.group('g', { a: 1 }))
    const user = await page.value(analytics.user())
    const group = fields(await page.value(analytics.group()))
    return [user.id(), user.traits(), typeof group.id]
  })
})

describe('a global with the CDN', () => {
  agrees('says where settings are', async (page) => {
    Reflect.set(globalThis, 'analytics', { _cdn: 'https://snippet.example.com' })
    await page.value(page.library.AnalyticsBrowser.load({ writeKey: 'k' }))
    return page.requests.map(({ url }) => url)
  })

  // With ours, what is in the page's markup decides nothing about where settings, and with them code, come from.
  shows('a script that never ran does not say so', {
    script: async (page) => {
      const script = document.createElement('script')
      script.setAttribute('type', 'text/plain')
      script.setAttribute('src', 'https://proxy.example.com/path/analytics.js/v1/key/analytics.min.js')
      document.body.append(script)
      await page.value(page.library.AnalyticsBrowser.load({ writeKey: 'k' }))
      return page.requests.map(({ url }) => url)
    },
    segment: ['https://proxy.example.com/path/v1/projects/k/settings'],
    sluice: ['https://cdn.segment.com/v1/projects/k/settings'],
  })
})
