import { describe } from 'vitest'
import { agrees } from '../../src/browser/agreement'
import { fields } from '../../src/fields'

const pageOf = { path: '/p', referrer: 'r', search: '', title: 't', url: 'u' }

describe('the client', () => {
  agrees('has properties that say how it was made', async (page) => {
    const client = await page.start({ integrations: { Mine: { a: 1 } }, retryQueue: false })
    return [
      client.settings.writeKey,
      client.settings.cdnSettings,
      client.settings.apiHost,
      client.settings.timeout,
      client.options,
      client.integrations,
      client.initialized,
      typeof client.VERSION,
      Reflect.get(client, 'maxListeners'),
    ]
  })

  agrees('knows where events go', async (page) => {
    const client = await page.start({ integrations: { 'Segment.io': { apiHost: 'api.example.com/v1' } } })
    return client.settings.apiHost
  })

  agrees('has methods that can be taken off it', async (page) => {
    const client = await page.start()
    const { track, identify, user, group, setAnonymousId, page: view } = client
    await page.value(track('E'))
    await page.value(identify('u'))
    await page.value(view())
    return [page.sent().map(({ type }) => type), user().id(), group().id(), typeof setAnonymousId()]
  })

  agrees('answers ids of the visitor', async (page) => {
    const client = await page.start()
    return [client.setAnonymousId('mine'), client.user().anonymousId(), client.setAnonymousId(), page.kept()]
  })

  agrees('makes calls given as lists', async (page) => {
    const client = await page.start()
    const list = ['track', 'E', { a: 1 }]
    const answers = [client.push(list), client.push(['unknown', 1])]
    await page.pass(10)
    return [answers, page.sent().map(({ event, properties }) => ({ event, properties }))]
  })

  agrees('views a page by its path', async (page) => {
    const client = await page.start()
    const answer = await page.value(client.pageview('/other'))
    return [
      answer === client,
      page.sent().map(({ properties, context }) => [properties, fields(context).page]),
    ]
  })

  agrees('normalises events', async (page) => {
    const client = await page.start()
    return client.normalize({
      type: 'track',
      event: 'E',
      properties: { a: 1 },
      integrations: { A: true },
      options: { userId: 'u', anonymousId: 'a', ip: '1.2.3.4', page: pageOf, integrations: { B: false } },
    })
  })

  agrees('is initialised already', async (page) => {
    const client = await page.start()
    return [(await page.value(client.initialize({}, {}))) === client, typeof Reflect.get(client, 'init')]
  })

  agrees('gives the global back', async (page) => {
    const client = await page.start()
    const answer = client.noConflict()
    return [answer === client, Reflect.get(globalThis, 'analytics') === client]
  })

  agrees('names plugins that could not be loaded', async (page) => {
    const client = await page.start()
    return client.failedInitializations
  })
})

describe('a client made by itself', () => {
  agrees('has no destinations, and its events resolve', async (page) => {
    const client = new page.library.Analytics({ writeKey: 'k' })
    const { emitted } = page.listen(client)
    const end = await page.settled(client.track('E', { a: 1 }))
    return {
      emitted,
      end,
      plugins: client.queue.plugins,
      requests: page.requests,
      settings: [client.settings.writeKey, client.settings.cdnSettings, client.settings.apiHost],
      initialized: client.initialized,
      options: client.options,
    }
  })

  agrees('identifies', async (page) => {
    const client = new page.library.Analytics({ writeKey: 'k' })
    const ctx = await page.value(client.identify('u', { a: 1 }))
    await page.value(client.group('g', { b: 1 }))
    const { context, ...event } = ctx.event
    return [event, fields(context), page.kept()]
  })

  agrees('takes a user and a group', async (page) => {
    const { Analytics, User, Group } = page.library
    const user = new User({ persist: false })
    const group = new Group({ persist: false })
    user.id('given')
    group.id('given group')
    const client = new Analytics({ writeKey: 'k' }, {}, undefined, user, group)
    const ctx = await page.value(client.track('E'))
    return [ctx.event.userId, client.user() === user, client.group() === group, page.kept()]
  })

  agrees('takes the Segment.io destination', async (page) => {
    const { Analytics, segmentio } = page.library
    const client = new Analytics({ writeKey: 'k' }, { retryQueue: true })
    const destination = segmentio(client, { apiKey: 'other-key', apiHost: 'api.example.com/v1' }, {})
    await page.value(client.register((await destination) as never))
    await page.value(client.track('E'))
    return [client.queue.plugins.map(({ name, type, version }) => [name, type, version]), page.requests]
  })

  agrees(
    'loses events while offline, but tells its listeners',
    async (page) => {
      const client = new page.library.Analytics({ writeKey: 'k' })
      const { emitted } = page.listen(client)
      const end = await page.settled(client.track('E'))
      return [emitted, end]
    },
    { isOnline: false },
  )
})

describe('NullAnalytics', () => {
  agrees('sends nothing and keeps nothing', async (page) => {
    const client = new page.library.NullAnalytics()
    const { emitted } = page.listen(client)
    const end = await page.settled(client.track('E', { a: 1 }))
    await page.settled(client.identify('u', { a: 1 }))
    return {
      emitted: emitted.map(([name]) => name),
      end,
      kept: page.kept(),
      requests: page.requests,
      state: [client.initialized, client.settings.writeKey, client.options.disableClientPersistence],
      user: [client.user().id(), client.user().traits(), typeof client.user().anonymousId()],
    }
  })
})

describe('UniversalStorage', () => {
  const memory = () => {
    const values: Record<string, unknown> = {}
    return {
      values,
      get: (key: string) => values[key] ?? null,
      set(key: string, value: unknown) {
        values[key] = value
      },
      remove(key: string) {
        delete values[key]
      },
    }
  }
  const throwing = {
    get: () => {
      throw new Error('mine')
    },
    set: () => {
      throw new Error('mine')
    },
    remove: () => {
      throw new Error('mine')
    },
  }

  agrees('reads the first store that has a value, and writes all', async ({ library }) => {
    const [a, b] = [memory(), memory()]
    const storage = new library.UniversalStorage([a, b])
    b.set('only b', 1)
    a.set('both', 'a')
    b.set('both', 'b')
    storage.set('new', { x: 1 })
    const read = ['only b', 'both', 'new', 'none'].map((key) => storage.get(key))
    storage.clear('both')
    return [read, a.values, b.values]
  })

  agrees('brings stores up to date, and makes numbers strings', async ({ library }) => {
    const [a, b] = [memory(), memory()]
    const storage = new library.UniversalStorage([a, b])
    b.set('number', 7)
    b.set('text', 'x')
    return [storage.getAndSync('number'), storage.getAndSync('text'), a.values, b.values]
  })

  agrees('goes on without a store that throws', async (page) => {
    const a = memory()
    const storage = new page.library.UniversalStorage([throwing, a])
    storage.set('x', 1)
    const read = storage.get('x')
    storage.clear('x')
    return [read, a.values, page.printed.map(({ level }) => level)]
  })
})

describe('the storage of a client', () => {
  const values = ['text', 'a b;c', 7, true, { x: [1, 'ü'] }, null]

  agrees('keeps values of any kind', async (page) => {
    const client = await page.start()
    const read = values.map((value, i) => {
      client.storage.set(`key${i}`, value)
      return client.storage.get(`key${i}`)
    })
    const kept = page.kept()
    client.storage.clear('key0')
    return [read, kept, client.storage.get('key0')]
  })

  for (const stores of [['cookie'], ['localStorage'], ['memory'], ['cookie', 'localStorage'], []]) {
    agrees(`keeps them in ${JSON.stringify(stores)}`, async (page) => {
      const client = await page.start({ storage: { stores } })
      const read = values.map((value, i) => {
        client.storage.set(`key${i}`, value)
        return client.storage.get(`key${i}`)
      })
      return [read, page.kept()]
    })
  }

  agrees('keeps them in memory alone if nothing may be kept', async (page) => {
    const client = await page.start({ disableClientPersistence: true })
    client.storage.set('x', 1)
    return [client.storage.get('x'), page.kept()]
  })
})
