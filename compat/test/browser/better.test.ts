import { describe, expect, it } from 'vitest'
import { shows } from '../../src/browser/agreement'
import type { Page } from '../../src/browser/page'
import { onServer } from '../../src/browser/server'
import { browserSegment, browserSluice } from '../../src/browser/subjects'
import { fields } from '../../src/fields'
import type { Fields } from '../../src/library'
import { plugin } from '../../src/plugins'

const segment = (extra: Fields) => ({ integrations: { 'Segment.io': extra } })
const batching = (config: Fields = {}) => segment({ deliveryStrategy: { strategy: 'batching', config } })

const eventsOf = (page: Page) => page.sent().map(({ type, event }) => event ?? type)
const batchesOf = (page: Page) =>
  page.sent().map(({ batch }) => (batch as Fields[]).map(({ event, type }) => event ?? type))

describe('W-1: what one call says', () => {
  shows('of the target of an alias is sent', {
    script: async (page) => {
      const client = await page.start()
      await page.value(client.identify('u1'))
      await page.value(client.alias('new'))
      const { userId, previousId } = fields(page.sent()[1])
      return { userId, previousId }
    },
    segment: { userId: 'u1', previousId: 'u1' },
    sluice: { userId: 'new', previousId: 'u1' },
  })

  shows('of the user of an event is sent', {
    script: async (page) => {
      const client = await page.start()
      await page.value(client.identify('u1'))
      await page.value(client.track('E', {}, { userId: 'other' }))
      return page.sent()[1]?.userId
    },
    segment: 'u1',
    sluice: 'other',
  })
})

describe('W-2: calls before load is done', () => {
  shows('keep their order', {
    script: async (page) => {
      const analytics = page.load()
      void analytics.track('A')
      void analytics.identify('u')
      void analytics.track('B')
      await page.value(analytics.page('P'))
      return page.sent().map(({ type, event, userId }) => [type, event, userId])
    },
    segment: [
      ['track', 'A', 'u'],
      ['track', 'B', 'u'],
      ['identify', undefined, 'u'],
      ['page', undefined, 'u'],
    ],
    sluice: [
      ['track', 'A', null],
      ['identify', undefined, 'u'],
      ['track', 'B', 'u'],
      ['page', undefined, 'u'],
    ],
  })

  shows('that reset the visitor do so in their turn', {
    script: async (page) => {
      const analytics = page.load()
      void analytics.track('A')
      void analytics.reset()
      await page.value(analytics.track('B'))
      const [a, b] = page.sent()
      return a?.anonymousId === b?.anonymousId
    },
    segment: true,
    sluice: false,
  })

  shows('are told with the time at which they were made', {
    script: async (page) => {
      const analytics = new page.library.AnalyticsBrowser()
      const sent = analytics.track('E')
      await page.pass(60_000)
      analytics.load({ writeKey: 'k', cdnSettings: page.cdnSettings })
      await page.value(sent)
      return page.sent()[0]?.timestamp === '2031-05-17T09:30:00.000Z'
    },
    segment: false,
    sluice: true,
  })
})

describe('W-3: a call before a load that comes to nothing', () => {
  shows('ends when the client is disabled', {
    script: async (page) => {
      const analytics = page.load({ disable: true })
      const end = await page.settled(analytics.track('E'), 60_000)
      return [end === 'pending' ? end : 'ended', page.deliveries().length]
    },
    segment: ['pending', 0],
    sluice: ['ended', 0],
  })

  shows('ends when a function disables the client', {
    script: async (page) => {
      const analytics = page.load({ disable: () => true })
      const end = await page.settled(analytics.track('E'), 60_000)
      return [end === 'pending' ? end : 'ended', page.deliveries().length]
    },
    segment: ['pending', 0],
    sluice: ['ended', 0],
  })

  shows('is sent when the settings cannot be fetched', {
    setting: { cdn: 503 },
    script: async (page) => {
      const analytics = page.library.AnalyticsBrowser.load({ writeKey: 'the-key' })
      const sent = analytics.track('E')
      const loaded = await page.settled(analytics, 60_000)
      const end = await page.settled(sent, 60_000)
      return [
        'error' in Object(loaded) ? 'load rejects' : 'load resolves',
        end === 'pending' ? end : 'ended',
        page.sent().map(({ writeKey, event }) => [writeKey, event]),
      ]
    },
    segment: ['load rejects', 'pending', []],
    sluice: ['load resolves', 'ended', [['the-key', 'E']]],
  })
})

describe('W-4, W-5: leaving the page, several events in a request', () => {
  shows('sends no event twice', {
    script: async (page) => {
      const client = await page.start(batching({ timeout: 2_000 }))
      void client.track('A')
      void client.track('B')
      await page.pass(100)
      page.setVisible(false)
      page.setVisible(true)
      await page.pass(10_000)
      return batchesOf(page)
    },
    segment: [
      ['A', 'B'],
      ['A', 'B'],
    ],
    sluice: [['A', 'B']],
  })

  shows('sends no more than browsers allow', {
    setting: { replies: ['never'] },
    script: async (page) => {
      const client = await page.start(batching({ size: 100 }))
      for (let i = 0; i < 8; i += 1) void client.track(`E${i}`, { text: 'x'.repeat(20_000) })
      await page.pass(100)
      page.leave()
      await page.pass(1)
      const kept = page
        .deliveries()
        .filter(({ keepalive }) => keepalive)
        .map(({ body }) => JSON.stringify(body).length)
      return kept.reduce((sum, bytes) => sum + bytes, 0) <= 64 * 1024
    },
    segment: false,
    sluice: true,
  })
})

describe('W-6: the group', () => {
  shows('is a group, and has nothing to do with the visitor', {
    script: async (page) => {
      const client = await page.start()
      const visitor = client.user().anonymousId()
      return [
        client.group() instanceof page.library.Group,
        client.group().anonymousId() === visitor,
        client.group().anonymousId('x'),
        client.user().anonymousId() === visitor,
      ]
    },
    segment: [false, true, 'x', false],
    sluice: [true, false, undefined, true],
  })

  shows('of a visitor can be changed', {
    script: async (page) => {
      const client = await page.start({ storage: { stores: ['localStorage'] } })
      await page.value(client.group('g1'))
      await page.value(client.group('g2'))
      const [first, second] = page.sent()
      return first?.anonymousId === second?.anonymousId
    },
    segment: false,
    sluice: true,
  })
})

describe('W-7: what the first libraries left of a user', () => {
  const setting = { cookies: { ajs_user: '{%22id%22:%22old%22%2C%22traits%22:{%22a%22:1}}' } }

  shows('is not taken for the group', {
    setting,
    script: async (page) => {
      const group = new page.library.Group()
      return [group.id(), group.traits()]
    },
    segment: ['old', { a: 1 }],
    sluice: [null, {}],
  })

  shows('is forgotten at reset', {
    setting: { cookies: { ...setting.cookies, _sio: 'anon----user' } },
    script: async (page) => {
      const user = new page.library.User()
      user.reset()
      return [user.id(), user.anonymousId() === 'anon', Object.keys(page.kept().cookies).includes('ajs_user')]
    },
    segment: ['old', true, true],
    sluice: [null, false, false],
  })
})

describe('W-8: who an event is from', () => {
  shows('is known when the call is made', {
    script: async (page) => {
      const client = await page.start()
      await page.value(Promise.all([client.track('anonymous'), client.identify('u')]))
      return page.sent().map(({ type, userId }) => [type, userId])
    },
    segment: [
      ['track', 'u'],
      ['identify', 'u'],
    ],
    sluice: [
      ['track', null],
      ['identify', 'u'],
    ],
  })
})

describe('W-9: ids that look like something else', () => {
  shows('are read from cookies as they were written', {
    script: async (page) => {
      const ids = ['1e5', '12345678901234567890', 'true', 'null', '{"a":1}', '007']
      return ids.map((id) => {
        const user = new page.library.User({ storage: { stores: ['cookie'] } })
        user.id(id)
        return user.id()
      })
    },
    segment: ['100000', '12345678901234567000', true, null, { a: 1 }, '007'],
    sluice: ['1e5', '12345678901234567890', 'true', 'null', '{"a":1}', '007'],
  })
})

describe('W-10, W-11: what the caller handed in', () => {
  shows('stays as it was', {
    script: async (page) => {
      const client = await page.start()
      const options = { context: { mine: 1 } }
      await page.value(client.track('E', {}, options))
      return options
    },
    segment: {
      context: expect.objectContaining({ mine: 1, page: expect.anything(), userAgent: expect.anything() }),
    },
    sluice: { context: { mine: 1 } },
  })

  shows('does not keep the page of its first use', {
    setting: { url: 'https://www.example.com/first?utm_source=a' },
    script: async (page) => {
      const client = await page.start()
      const options = { context: {} }
      await page.value(client.track('A', {}, options))
      page.go('https://www.example.com/second?utm_source=b')
      await page.value(client.track('B', {}, options))
      return page.sent().map(({ context }) => {
        const { page: view, campaign } = fields(context)
        return [fields(view).path, campaign]
      })
    },
    segment: [
      ['/first', { source: 'a' }],
      ['/first', { source: 'a' }],
    ],
    sluice: [
      ['/first', { source: 'a' }],
      ['/second', { source: 'b' }],
    ],
  })

  shows('may be changed after the call', {
    script: async (page) => {
      const client = await page.start()
      const properties = { price: 1 }
      const sent = client.track('E', properties)
      properties.price = 2
      await page.value(sent)
      return page.sent()[0]?.properties
    },
    segment: { price: 2 },
    sluice: { price: 1 },
  })
})

describe('W-12: an empty id', () => {
  shows('takes no traits away', {
    script: async (page) => {
      const client = await page.start()
      await page.value(client.identify('u', { name: 'Jane' }))
      await page.value(client.identify(''))
      return [client.user().id(), client.user().traits()]
    },
    segment: ['u', {}],
    sluice: ['u', { name: 'Jane' }],
  })
})

describe('W-13: source middleware', () => {
  shows('drops an event with next(null)', {
    script: async (page) => {
      const client = await page.start()
      await page.value(client.addSourceMiddleware(({ next }) => next(null)))
      await page.settled(client.track('E'))
      return eventsOf(page)
    },
    segment: ['E'],
    sluice: [],
  })
})

describe('W-15: links', () => {
  shows('are read to the end of their values', {
    setting: { url: 'https://www.example.com/?ajs_uid=YWJj==&utm_source=a=b' },
    script: async (page) => {
      const client = await page.start()
      await page.value(client.track('E'))
      return [client.user().id(), fields(page.sent().at(-1)?.context).campaign]
    },
    segment: ['YWJj', { source: 'a' }],
    sluice: ['YWJj==', { source: 'a=b' }],
  })

  shows('are checked the same way each time', {
    script: async (page) => {
      const client = await page.start({ useQueryString: { uid: /^u\d$/g } })
      const counts = []
      for (let i = 0; i < 3; i += 1) counts.push((await page.value(client.queryString('?ajs_uid=u1'))).length)
      return counts
    },
    segment: [1, 0, 1],
    sluice: [1, 1, 1],
  })
})

describe('W-16: stores that differ', () => {
  const differing = {
    cookies: { ajs_anonymous_id: 'of-the-server' },
    localStorage: { ajs_anonymous_id: '"of-before"' },
  }

  shows('agree on the visitor that the cookie names, which subdomains share', {
    setting: differing,
    script: async (page) => {
      const client = await page.start()
      await page.value(client.track('E'))
      return [page.sent()[0]?.anonymousId, page.kept().cookies.ajs_anonymous_id?.value]
    },
    segment: ['of-before', 'of-before'],
    sluice: ['of-the-server', 'of-the-server'],
  })

  shows('do not bring back what was deleted from all of them', {
    script: async (page) => {
      const client = await page.start()
      await page.value(client.identify('u'))
      localStorage.clear()
      for (const name of ['ajs_user_id', 'ajs_anonymous_id']) {
        page.cookieJar.write(`${name}=; domain=example.com; path=/; expires=Thu, 01 Jan 1970 00:00:00 GMT`)
      }
      await page.value(client.track('E'))
      return page.sent()[1]?.userId
    },
    segment: 'u',
    sluice: null,
  })
})

describe('W-19: an event just before the page goes away', () => {
  shows('is sent or kept', {
    script: async (page) => {
      const client = await page.start()
      void client.track('E')
      page.leave()
      const kept = Object.values({ ...localStorage }).some((text) => text.includes('"E"'))
      return page.deliveries().length > 0 || kept
    },
    segment: false,
    sluice: true,
  })

  shows('is sent or kept before load is done', {
    setting: { answer: () => 200 },
    script: async (page) => {
      const analytics = page.library.AnalyticsBrowser.load({ writeKey: 'k' })
      void analytics.track('E')
      page.leave()
      const kept = Object.values({ ...localStorage }).some((text) => text.includes('"E"'))
      return page.deliveries().length > 0 || kept
    },
    segment: false,
    sluice: true,
  })
})

describe('W-21: a batch that is refused', () => {
  shows('is told', {
    setting: { replies: [400] },
    script: async (page) => {
      const client = await page.start(batching({ size: 2 }))
      const codes: unknown[] = []
      client.on('error', (error) => {
        const { code, ctx } = fields(error)
        codes.push([code, fields(Reflect.get(Object(ctx), 'event')).event])
      })
      void client.track('A')
      void client.track('B')
      await page.pass(10_000)
      return codes
    },
    segment: [],
    sluice: [
      ['delivery_failure', 'A'],
      ['delivery_failure', 'B'],
    ],
  })

  shows('is not sent again once it was given up', {
    setting: { replies: [500] },
    script: async (page) => {
      const client = await page.start(batching({ size: 1, maxRetries: 2 }))
      void client.track('A')
      await page.pass(60_000)
      return page.deliveries().map(({ headers }) => headers['x-retry-count'] ?? 'none')
    },
    segment: ['none', '1', '2', 'none'],
    sluice: ['none', '1', '2'],
  })
})

describe('W-22: Retry-After, several events in a request', () => {
  shows('is heeded while other events wait', {
    setting: { replies: [{ status: 429, headers: { 'Retry-After': '30' }, afterMs: 50 }, 200] },
    script: async (page) => {
      const client = await page.start(batching({ size: 1, timeout: 700 }))
      void client.track('A')
      await page.pass(10)
      void client.track('B')
      await page.pass(60_000)
      const [first, second] = page.deliveries()
      return Number(second?.at) - Number(first?.at) >= 30_000
    },
    segment: false,
    sluice: true,
  })
})

describe('W-23: Retry-After, one event in a request', () => {
  shows('holds for all events', {
    setting: { replies: [{ status: 429, headers: { 'Retry-After': '30' } }, 200] },
    script: async (page) => {
      const client = await page.start()
      void client.track('A')
      await page.pass(100)
      void client.track('B')
      await page.pass(10_000)
      return page.deliveries().length
    },
    segment: 2,
    sluice: 1,
  })
})

/** How many timers are set within so many ms. */
async function timersWithin(page: Page, ms: number): Promise<number> {
  const { setTimeout } = globalThis
  let count = 0
  const counting = Object.assign((...args: Parameters<typeof setTimeout>) => {
    count += 1
    return setTimeout(...args)
  }, setTimeout)
  globalThis.setTimeout = counting
  try {
    await page.pass(ms)
  } finally {
    globalThis.setTimeout = setTimeout
  }
  return count
}

describe('W-24, W-25: while nothing can be done', () => {
  shows('no timer runs for events that are offline', {
    script: async (page) => {
      const client = await page.start()
      page.setOnline(false)
      for (let i = 0; i < 20; i += 1) void client.track(`E${i}`)
      await page.pass(100)
      return (await timersWithin(page, 2_000)) > 10
    },
    segment: true,
    sluice: false,
  })

  shows('no timer runs for each event that failed', {
    setting: { replies: [500] },
    script: async (page) => {
      const client = await page.start()
      for (let i = 0; i < 30; i += 1) void client.track(`E${i}`)
      await page.pass(100)
      return (await timersWithin(page, 2_000)) > 60
    },
    segment: true,
    sluice: false,
  })

  shows('events go out when the page is online again, at once', {
    setting: { isOnline: false },
    script: async (page) => {
      const client = await page.start()
      void client.track('E')
      await page.pass(100)
      page.setOnline(true)
      await page.pass(10)
      return page.deliveries().length
    },
    segment: 0,
    sluice: 1,
  })
})

describe('W-29: being offline', () => {
  shows('is no attempt', {
    setting: { isOnline: false },
    script: async (page) => {
      const client = await page.start()
      void client.track('E')
      await page.pass(1_000)
      page.setOnline(true)
      await page.pass(1_000)
      return page.deliveries().map(({ headers }) => headers['x-retry-count'] ?? 'none')
    },
    segment: ['1'],
    sluice: ['none'],
  })
})

describe('W-31: a plugin', () => {
  shows('of a destination holds up no other', {
    script: async (page) => {
      const client = await page.start({ pluginTimeout: 1_000 })
      const never = plugin('destination', 'never', () => new Promise(() => {}))
      await page.value(client.register(never))
      return (await page.settled(client.track('E'), 60_000)) === 'pending'
    },
    segment: true,
    sluice: false,
  })
})

describe('W-34: storage', () => {
  shows('is written only when something changed', {
    script: async (page) => {
      const client = await page.start()
      await page.value(client.track('A'))
      const { cookieJar } = page
      cookieJar.calls.writes = 0
      for (let i = 0; i < 5; i += 1) await page.value(client.track('B'))
      return cookieJar.calls.writes
    },
    segment: 40,
    sluice: 0,
  })
})

describe('W-39: what load answers', () => {
  shows('has every call of the client', {
    script: async (page) => {
      const analytics = page.load()
      const names = ['trackForm', 'pageview', 'queryString', 'timeout', 'use', 'emit', 'storage', 'settings']
      const has = names.filter((name) => name in analytics)
      await page.value(analytics)
      return has
    },
    segment: [],
    sluice: ['trackForm', 'pageview', 'queryString', 'timeout', 'use', 'emit', 'storage', 'settings'],
  })
})

describe('W-40: importing', () => {
  shows('writes no globals', {
    script: async (page) => {
      for (const name of ['analyticsWriteKey', '__SEGMENT_INSPECTOR__'])
        Reflect.deleteProperty(globalThis, name)
      await page.subject.load()
      return ['analyticsWriteKey', '__SEGMENT_INSPECTOR__'].filter((name) => name in globalThis)
    },
    segment: ['analyticsWriteKey', '__SEGMENT_INSPECTOR__'],
    sluice: [],
  })
})

describe('W-40: on a server', () => {
  const programs = {
    'a client can be made': `new library.Analytics({ writeKey: 'k' }); console.log('fine')`,
    'load and calls harm nobody': `
      const analytics = library.AnalyticsBrowser.load({ writeKey: 'k', cdnSettings: { integrations: {} } })
      analytics.track('E')
      setTimeout(() => console.log('fine'), 50)`,
  }
  for (const [name, program] of Object.entries(programs)) {
    it(`${name} (segment)`, async () => {
      expect(await onServer(browserSegment, program)).toMatch(
        /^ReferenceError: (window|document) is not defined$/,
      )
    })

    it(`${name} (sluice)`, async () => {
      expect(await onServer(browserSluice, program)).toBe('fine')
    })
  }
})

describe('W-43: two clients on a page', () => {
  shows('keep their options apart', {
    setting: { url: 'https://www.example.com/?btid=ad' },
    script: async (page) => {
      const quiet = await page.start({ disableClientPersistence: true })
      await page.start({}, { writeKey: 'other' })
      await page.value(quiet.track('E'))
      return Object.keys(page.kept().cookies).includes('s%3Acontext.referrer')
    },
    segment: true,
    sluice: false,
  })
})

describe('W-46: ids', () => {
  shows('have nothing in common', {
    script: async (page) => {
      const client = await page.start()
      const [a, b] = await page.value(Promise.all([client.track('A'), client.track('B')]))
      const digits = (id: unknown) =>
        String(id)
          .replace(/^ajs-next-\d+-/, '')
          .replace(/-/g, '')
      // Up to the digit that says what version of a uuid it is.
      const [x, y] = [digits(a?.event.messageId).slice(0, 12), digits(b?.event.messageId).slice(0, 12)]
      return [2, 4, 6].some((shift) => x.slice(shift) === y.slice(0, -shift))
    },
    segment: true,
    sluice: false,
  })
})

describe('W-52: methods taken off their object', () => {
  shows('work', {
    script: async (page) => {
      const client = await page.start()
      const nothing = new page.library.NullAnalytics()
      const { on } = client
      const { track } = nothing
      const works = async (run: () => unknown) => {
        try {
          await page.value(Promise.resolve(run()))
          return true
        } catch {
          return false
        }
      }
      return [await works(() => on('track', () => {})), await works(() => track('E'))]
    },
    segment: [false, false],
    sluice: [true, true],
  })
})

describe('W-53: debug(false)', () => {
  shows('does not need localStorage', {
    script: async (page) => {
      const client = await page.start()
      const denied = Object.getOwnPropertyDescriptor(globalThis, 'localStorage')
      Object.defineProperty(globalThis, 'localStorage', {
        configurable: true,
        get() {
          throw new Error('denied')
        },
      })
      try {
        client.debug(false)
        return 'fine'
      } catch (error) {
        return Reflect.get(Object(error), 'message')
      } finally {
        if (denied) Object.defineProperty(globalThis, 'localStorage', denied)
      }
    },
    segment: 'denied',
    sluice: 'fine',
  })
})

describe('W-54: a host with a scheme', () => {
  shows('is taken as it is', {
    script: async (page) => {
      const client = await page.start(segment({ apiHost: 'https://api.example.com/v1' }))
      await page.value(client.track('E'))
      return page.deliveries().map(({ url }) => url)
    },
    segment: ['https://https://api.example.com/v1/t'],
    sluice: ['https://api.example.com/v1/t'],
  })
})

describe('W-55: a destination that still loads', () => {
  shows('gets no events before it has loaded', {
    script: async (page) => {
      const client = await page.start()
      let isLoaded = false
      const got: boolean[] = []
      const slow = plugin(
        'destination',
        'slow',
        (ctx) => {
          got.push(isLoaded)
          return ctx
        },
        {
          load: async () => {
            await new Promise((resolve) => setTimeout(resolve, 50))
            isLoaded = true
          },
        },
      )
      await page.value(client.register(slow))
      await page.value(client.track('E'))
      return got
    },
    segment: [false],
    sluice: [true],
  })
})

describe('traits where ids are kept in cookies alone', () => {
  shows('are known on this page at least, and sent', {
    script: async (page) => {
      const client = await page.start({ storage: { stores: ['cookie'] } })
      await page.value(client.identify('u', { name: 'Jane' }))
      return [client.user().traits(), page.sent()[0]?.traits]
    },
    segment: [{}, {}],
    sluice: [{ name: 'Jane' }, { name: 'Jane' }],
  })
})
