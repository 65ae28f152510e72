import { describe } from 'vitest'
import { agrees } from '../../src/browser/agreement'
import type { FactoryOfPage } from '../../src/browser/library'
import type { Page } from '../../src/browser/page'
import { fields } from '../../src/fields'
import type { Fields } from '../../src/library'
import { plugin } from '../../src/plugins'

const calls = {
  track: (client: Calls, options: unknown) => client.track('E', { a: 1 }, options),
  page: (client: Calls, options: unknown) => client.page('C', 'N', { a: 1 }, options),
  screen: (client: Calls, options: unknown) => client.screen('C', 'N', { a: 1 }, options),
  identify: (client: Calls, options: unknown) => client.identify('u', { a: 1 }, options),
  group: (client: Calls, options: unknown) => client.group('g', { a: 1 }, options),
  alias: (client: Calls, options: unknown) => client.alias('to', 'from', options),
}

type Calls = Record<
  'track' | 'page' | 'screen' | 'identify' | 'group' | 'alias',
  (...args: unknown[]) => Promise<unknown>
>

const options: Record<string, unknown> = {
  'a time': { timestamp: new Date(Date.UTC(2020, 1, 2)) },
  'a time as text': { timestamp: '2020-02-02T00:00:00.000Z' },
  'no time': { timestamp: undefined },
  'a message id': { messageId: 'mine' },
  'an empty message id': { messageId: '' },
  'an anonymous id': { anonymousId: 'visitor' },
  'an empty anonymous id': { anonymousId: '' },
  'a context': { context: { ip: '1.2.3.4', page: { title: 'Mine' }, traits: { x: 1 } } },
  'fields of the context': { ip: '1.2.3.4', traits: { x: 1 }, deep: { er: [1] } },
  'dotted fields': { 'a.b.c': 1, 'page.title': 'Mine', 'a.d': 2 },
  both: { context: { ip: '1.2.3.4' }, ip: '5.6.7.8' },
  'a page': { page: { url: 'https://mine.example.com' } },
  'undefined fields': { ip: undefined, app: null },
  integrations: { integrations: { Mine: false, Other: { x: 1 }, All: true } },
  'a library': { library: { name: 'mine', version: '1' } },
  'a locale': { locale: 'de-DE', timezone: 'Mars/Base', userAgent: 'mine' },
  null: null,
  nothing: {},
}

describe('an event with', () => {
  for (const [name, given] of Object.entries(options)) {
    for (const [method, call] of Object.entries(calls)) {
      agrees(`${name}: ${method}`, async (page) => {
        const client = await page.start({ integrations: { Mine: { setting: 1 }, Off: false, On: true } })
        const copy = structuredClone(given)
        const end = await page.settled(call(client as unknown as Calls, copy))
        return [end, page.sent(), client.user().anonymousId()]
      })
    }
  }
})

describe('an event of somebody known', () => {
  for (const [method, call] of Object.entries(calls).filter(([method]) => method !== 'alias')) {
    agrees(`carries ids: ${method}`, async (page) => {
      const client = await page.start()
      await page.value(client.identify('known', { t: 1 }))
      await page.value(client.group('company', { g: 1 }))
      await page.settled(call(client as unknown as Calls, {}))
      return page.sent()
    })
  }

  agrees('carries no user id when nobody is known, and null on the wire', async (page) => {
    const client = await page.start()
    const ctx = await page.value(client.track('E'))
    return [ctx.event.userId, page.sent()[0]?.userId]
  })

  agrees('tells all traits that are stored', async (page) => {
    const client = await page.start()
    await page.value(client.identify('u', { a: 1 }))
    await page.value(client.identify('u', { b: 2 }))
    await page.value(client.identify({ c: 3 }))
    await page.value(client.identify('other', { d: 4 }))
    await page.value(client.group('g', { a: 1 }))
    await page.value(client.group('g', { b: 2 }))
    return page.sent().map(({ traits, userId, groupId }) => ({ traits, userId, groupId }))
  })
})

describe('values', () => {
  const values: Record<string, unknown> = {
    dates: { at: new Date(0), text: '2020-01-01', iso: '2020-01-01T00:00:00Z' },
    numbers: { a: 1.5, b: -0, c: Number.NaN, d: Number.POSITIVE_INFINITY },
    'nothing at all': { a: null, b: undefined, c: '' },
    lists: { a: [1, [2, { x: 3 }]], b: [undefined, null] },
    'odd keys': { 'a.b': 1, $c: 2, '': 3, ü: 4 },
    objects: {
      made: new (class Made {
        x = 1
      })(),
      toJSON: { toJSON: () => 'mine' },
      r: /x/,
    },
  }
  for (const [name, value] of Object.entries(values)) {
    agrees(`of properties come through as JSON has them: ${name}`, async (page) => {
      const client = await page.start()
      await page.value(client.track('E', value))
      return page.sent().map(({ properties }) => properties)
    })
    agrees(`of traits come through as JSON has them: ${name}`, async (page) => {
      const client = await page.start()
      await page.value(client.identify('u', value))
      return [page.sent().map(({ traits }) => traits), page.kept()]
    })
  }
})

describe('message ids', () => {
  agrees('have a prefix, the time and a uuid, and are never the same', async (page) => {
    const client = await page.start()
    const all = await page.value(Promise.all([client.track('A'), client.track('B'), client.page()]))
    return all.map((ctx) => ctx.event.messageId)
  })
})

describe('validation', () => {
  const outcome = (run: () => unknown) => {
    try {
      return run()
    } catch (error) {
      return { thrown: error, field: Reflect.get(Object(error), 'field') }
    }
  }

  agrees('of the factory names the field', async ({ library }) => {
    const factory = new library.EventFactory(new library.User())
    const made = (run: (factory: FactoryOfPage) => unknown) => {
      const result = outcome(() => run(factory))
      return Reflect.has(Object(result), 'thrown') ? result : 'made'
    }
    return [
      made((f) => f.track(undefined)),
      made((f) => f.track(7)),
      made((f) => f.track('')),
      made((f) => f.track('E', 'text')),
      made((f) => f.track('E', [])),
      made((f) => f.track('E', null)),
      made((f) => f.identify('u', 'text')),
      made((f) => f.identify('u', [])),
      made((f) => f.identify(null, {})),
      made((f) => f.group('g', 'text')),
      made((f) => f.group(null, {})),
      made((f) => f.page(null, null, [])),
      made((f) => f.track('E', {}, { messageId: 7 })),
      made((f) => f.alias(null, null)),
    ]
  })

  agrees('of a call rejects', async (page) => {
    const client = await page.start()
    return [
      await page.settled(client.track('E', {}, { messageId: 7 })),
      await page.settled(client.track({ event: 'E', properties: 'text' })),
      await page.settled(client.track(7)),
      page.sent().length,
    ]
  })
})

describe('EventFactory', () => {
  const made = async (page: Page, run: (factory: FactoryOfPage) => Fields) => {
    const { EventFactory, User } = page.library
    const user = new User()
    const events = [run(new EventFactory(user))]
    user.identify('known', { t: 1 })
    events.push(run(new EventFactory(user)))
    return [events, user.anonymousId()]
  }

  agrees('makes track events', (page) =>
    made(page, (f) => f.track('E', { a: 1 }, { ip: '1' }, { A: { x: 1 } })),
  )
  agrees('makes page events', (page) =>
    made(page, (f) => f.page('C', 'N', { a: 1 }, { ip: '1' }, { A: false })),
  )
  agrees('makes page events without names', (page) => made(page, (f) => f.page(null, null)))
  agrees('makes screen events', (page) => made(page, (f) => f.screen('C', 'N', { a: 1 }, { ip: '1' })))
  agrees('makes identify events', (page) => made(page, (f) => f.identify('known', { a: 1 }, { ip: '1' })))
  agrees('makes group events', (page) => made(page, (f) => f.group('g', { a: 1 }, { ip: '1' })))
  const elsewhere = {
    path: '/elsewhere',
    referrer: 'https://from.test/',
    search: '?a=1',
    title: 'Elsewhere',
    url: 'https://shop.test/elsewhere?a=1',
  }
  const withPage: Record<string, (factory: FactoryOfPage) => Fields> = {
    track: (f) => f.track('E', { a: 1 }, {}, {}, elsewhere),
    page: (f) => f.page('C', 'N', { a: 1 }, {}, {}, elsewhere),
    screen: (f) => f.screen('C', 'N', { a: 1 }, {}, {}, elsewhere),
    identify: (f) => f.identify('known', { a: 1 }, {}, {}, elsewhere),
    group: (f) => f.group('g', { a: 1 }, {}, {}, elsewhere),
    alias: (f) => f.alias('to', 'from', {}, {}, elsewhere),
  }
  for (const [type, make] of Object.entries(withPage)) {
    agrees(`makes ${type} events of the page that it is given, and of the page as it is`, (page) =>
      made(page, (f) => ({ there: make(f).context, here: f.track('E').context })),
    )
  }
  agrees('makes events of the page as it is after calls that waited on others', async (page) => {
    const analytics = new page.library.AnalyticsBrowser()
    const waiting = analytics.track('Waited')
    page.go('https://www.example.com/later')
    analytics.load({ writeKey: page.writeKey, cdnSettings: page.cdnSettings })
    const [client] = await page.value(analytics)
    await page.value(waiting)
    await page.value(client.track('Now'))
    return client.eventFactory.track('E').context
  })
  agrees('makes events of an anonymous visitor', (page) =>
    made(page, (f) => f.track('E', {}, { anonymousId: 'mine' })),
  )
})

describe('the copy that is sent', () => {
  agrees('is not the event that listeners see', async (page) => {
    const client = await page.start()
    let seen: Fields = {}
    await page.value(
      client.register(
        plugin('after', 'mine', (ctx) => {
          seen = { ...ctx.event }
          return ctx
        }),
      ),
    )
    await page.value(client.track('E', { a: 1 }))
    return Object.keys(fields(seen)).sort()
  })

  agrees('has no options and, for track, no traits', async (page) => {
    const client = await page.start()
    await page.value(
      client.register(
        plugin('enrichment', 'mine', (ctx) => {
          Object.assign(ctx.event, { traits: { x: 1 }, options: { y: 1 }, extra: 1 })
          return ctx
        }),
      ),
    )
    await page.value(client.track('E', { a: 1 }))
    return page.sent().map((event) => Object.keys(event).sort())
  })
})
