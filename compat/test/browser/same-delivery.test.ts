import { describe } from 'vitest'
import { agrees } from '../../src/browser/agreement'
import type { Page } from '../../src/browser/page'
import { fields } from '../../src/fields'
import type { Fields } from '../../src/library'
import { plugin } from '../../src/plugins'

const segment = (extra: Fields) => ({ integrations: { 'Segment.io': extra } })
const batching = (config: Fields = {}) => segment({ deliveryStrategy: { strategy: 'batching', config } })

/** Requests without what differs from moment to moment. */
const shapes = (page: Page) =>
  page.deliveries().map(({ at, body, ...request }) => {
    const { sentAt, timestamp, ...rest } = fields(body)
    return { ...request, hasSentAt: typeof sentAt === 'string', body: rest }
  })

describe('a request', () => {
  for (const [name, options] of Object.entries({
    usual: {},
    'to another host': segment({ apiHost: 'api.example.com/v2' }),
    'over http': segment({ apiHost: 'localhost:3000/v1', protocol: 'http' }),
    'with headers': segment({ deliveryStrategy: { config: { headers: { 'X-Mine': '1' } } } }),
    'with another type': segment({
      deliveryStrategy: { config: { headers: { 'Content-Type': 'application/json' } } },
    }),
    'with made headers': segment({ deliveryStrategy: { config: { headers: () => ({ 'X-Mine': '2' }) } } }),
    'with credentials': segment({ deliveryStrategy: { config: { credentials: 'include' } } }),
    'with priority': segment({ deliveryStrategy: { config: { priority: 'high' } } }),
    'that outlives the page': segment({ deliveryStrategy: { config: { keepalive: true } } }),
    'with a named strategy': segment({ deliveryStrategy: { strategy: 'standard' } }),
  })) {
    agrees(name, async (page) => {
      const client = await page.start(options)
      await page.value(client.track('E', { a: 1 }))
      return shapes(page)
    })
  }

  agrees('goes to a path for each type', async (page) => {
    const client = await page.start()
    await page.value(client.track('E'))
    await page.value(client.page())
    await page.value(client.screen())
    await page.value(client.identify('u'))
    await page.value(client.group('g'))
    await page.value(client.alias('to'))
    return page.deliveries().map(({ url, method, headers }) => ({ url, method, headers }))
  })

  for (const [name, ofSource] of Object.entries({
    'its own key': { apiKey: 'other-key' },
    'an empty key': { apiKey: '' },
    'its own host': { apiKey: 'the-key', apiHost: 'source.example.com/v1', protocol: 'http' },
    'a strategy': { apiKey: 'the-key', deliveryStrategy: { config: { headers: { 'X-Source': '1' } } } },
  })) {
    agrees(`of a source with ${name}`, async (page) => {
      const client = await page.start({}, { cdnSettings: { integrations: { 'Segment.io': ofSource } } })
      await page.value(client.track('E'))
      return [shapes(page), client.settings.apiHost]
    })
  }

  agrees('of a page goes over that of the source', async (page) => {
    const client = await page.start(segment({ apiHost: 'page.example.com/v1' }), {
      cdnSettings: segment({ apiKey: 'k', apiHost: 'source.example.com/v1', protocol: 'http' }),
    })
    await page.value(client.track('E'))
    return shapes(page)
  })

  agrees('keeps ids that plugins set', async (page) => {
    const client = await page.start()
    await page.value(
      client.register(
        plugin('enrichment', 'mine', (ctx) => {
          ctx.event.userId = 'plugin'
          ctx.event.anonymousId = 'plugin visitor'
          return ctx
        }),
      ),
    )
    await page.value(client.track('E'))
    return page.sent().map(({ userId, anonymousId }) => [userId, anonymousId])
  })
})

describe('_metadata', () => {
  const bundled = {
    'Segment.io': {
      apiKey: 'the-key',
      unbundledIntegrations: ['Z', 'A', 'Cloud'],
      maybeBundledConfigIds: { Device: ['id1', 'id2'], 'Segment.io': ['id0'], Cloud: ['no'] },
    },
    Device: { bundlingStatus: 'bundled' },
    Another: { bundlingStatus: 'bundled' },
    Cloud: { bundlingStatus: 'unbundled' },
    Neither: {},
  }

  agrees('tells how destinations are bundled', async (page) => {
    const client = await page.start({}, { cdnSettings: { integrations: bundled } })
    await page.value(client.track('E'))
    return page.sent().map(({ _metadata }) => _metadata)
  })

  agrees('does not if it should not', async (page) => {
    const client = await page.start(
      {},
      { cdnSettings: segment({ apiKey: 'the-key', addBundledMetadata: false }) },
    )
    await page.value(client.track('E'))
    return page.sent().map(({ _metadata }) => Object.keys(Object(_metadata)))
  })

  agrees('tells plugins that could not be loaded', async (page) => {
    const client = await page.start()
    const load = () => Promise.reject(new Error('mine'))
    await page.value(client.register(plugin('enrichment', 'bad', undefined, { load })))
    await page.value(client.track('E'))
    return page.sent().map(({ _metadata }) => _metadata)
  })

  agrees(
    'tells of the second attempt',
    async (page) => {
      const client = await page.start()
      const sent = client.track('E')
      await page.pass(5_000)
      await page.value(sent)
      return page.sent().map(({ _metadata }) => fields(_metadata).retryCount ?? 'none')
    },
    { replies: [500, 200] },
  )
})

describe('an answer, one event in a request:', () => {
  const statuses = [
    200, 204, 301, 304, 400, 401, 403, 404, 408, 410, 413, 422, 429, 460, 499, 500, 501, 502, 503, 504, 505,
    511, 599,
  ]
  for (const status of statuses) {
    agrees(
      String(status),
      async (page) => {
        const client = await page.start()
        const codes: unknown[] = []
        client.on('error', (error) => codes.push(Reflect.get(Object(error), 'code')))
        void client.track('E')
        await page.pass(20_000)
        return [
          page.deliveries().map(({ headers }) => headers['x-retry-count'] ?? 'none'),
          codes,
          new Set(page.sent().map(({ messageId }) => messageId)).size,
        ]
      },
      { replies: [status, 200] },
    )
  }

  agrees(
    'none',
    async (page) => {
      const client = await page.start()
      void client.track('E')
      await page.pass(20_000)
      return page.deliveries().map(({ headers }) => headers['x-retry-count'] ?? 'none')
    },
    { replies: [new Error('no network'), 200] },
  )

  agrees(
    '429 that says when to come back',
    async (page) => {
      const client = await page.start()
      void client.track('E')
      await page.pass(20_000)
      const [first, second] = page.deliveries()
      return [
        page.deliveries().length,
        Number(second?.at) - Number(first?.at) >= 7_000,
        Number(second?.at) - Number(first?.at) < 9_000,
      ]
    },
    { replies: [{ status: 429, headers: { 'Retry-After': '7' } }, 200] },
  )

  for (const [name, httpConfig] of Object.entries({
    'a status that is to be retried': { backoffConfig: { statusCodeOverrides: { 400: 'retry' } } },
    'statuses from 400 that are to be retried': { backoffConfig: { default4xxBehavior: 'retry' } },
    'one retry less': { backoffConfig: { statusCodeOverrides: { 400: 'retry' }, maxRetryCount: 2 } },
  })) {
    agrees(
      `400 and ${name}`,
      async (page) => {
        const client = await page.start(segment({ httpConfig }))
        void client.track('E')
        await page.pass(20_000)
        return page.deliveries().length
      },
      { replies: [400, 200] },
    )
  }

  for (const [name, httpConfig] of Object.entries({
    'a status that is to be dropped': { backoffConfig: { statusCodeOverrides: { 500: 'drop' } } },
    'statuses from 500 that are to be dropped': { backoffConfig: { default5xxBehavior: 'drop' } },
  })) {
    agrees(
      `500 and ${name}`,
      async (page) => {
        const client = await page.start(segment({ httpConfig }))
        void client.track('E')
        await page.pass(20_000)
        return page.deliveries().length
      },
      { replies: [500, 200] },
    )
  }

  agrees(
    'the settings of the source go before those of the page',
    async (page) => {
      const drop = { backoffConfig: { default5xxBehavior: 'drop' } }
      const retry = { backoffConfig: { default5xxBehavior: 'retry' } }
      const client = await page.start(segment({ httpConfig: drop }), {
        cdnSettings: segment({ apiKey: 'k', httpConfig: retry }),
      })
      void client.track('E')
      await page.pass(20_000)
      return page.deliveries().length
    },
    { replies: [500, 200] },
  )

  agrees(
    '500 when nothing is to be tried again',
    async (page) => {
      const client = await page.start({ retryQueue: false })
      const codes: unknown[] = []
      client.on('error', (error) => codes.push(Reflect.get(Object(error), 'code')))
      void client.track('E')
      await page.pass(20_000)
      return [page.deliveries().length, codes]
    },
    { replies: [500, 500, 200] },
  )
})

describe('several events in a request', () => {
  agrees('when there are enough', async (page) => {
    const client = await page.start(batching({ size: 3 }))
    for (const event of ['A', 'B', 'C']) void client.track(event, { a: 1 })
    await page.pass(100)
    return page.deliveries().map(({ at, keepalive, ...request }) => {
      const { batch, ...body } = fields(request.body)
      return { ...request, body: Object.keys(body).sort(), key: body.writeKey, batch }
    })
  })

  agrees('when they have waited long enough', async (page) => {
    const client = await page.start(batching({ timeout: 2_000 }))
    void client.track('A')
    await page.pass(1_000)
    void client.page('B')
    const early = page.deliveries().length
    await page.pass(1_100)
    return [
      early,
      page.sent().map(({ batch }) => (batch as Fields[]).map(({ event, name }) => event ?? name)),
    ]
  })

  agrees('of 10 and 5 s by default', async (page) => {
    const client = await page.start(batching())
    for (let i = 0; i < 11; i += 1) void client.track(`E${i}`)
    await page.pass(100)
    const early = page.sent().map(({ batch }) => (batch as unknown[]).length)
    await page.pass(6_000)
    return [early, page.sent().map(({ batch }) => (batch as unknown[]).length)]
  })

  agrees('resolve before they are sent', async (page) => {
    const client = await page.start(batching())
    const end = await page.settled(client.track('A'), 100)
    return [end, page.deliveries().length]
  })

  for (const config of [
    { headers: { 'X-Mine': '1' } },
    { headers: () => ({ 'X-Mine': '2' }) },
    { credentials: 'include' },
    { priority: 'low' },
  ]) {
    agrees(`with ${Object.keys(config).join()}`, async (page) => {
      const client = await page.start(batching({ ...config, size: 1 }))
      void client.track('A')
      await page.pass(100)
      return page
        .deliveries()
        .map(({ url, headers, credentials, priority }) => ({ url, headers, credentials, priority }))
    })
  }

  for (const [name, extra] of Object.entries({
    'a host': { apiHost: 'api.example.com/v1' },
    'a host with a scheme': { apiHost: 'http://localhost:3000/v1' },
    'a protocol': { apiHost: 'api.example.com/v1', protocol: 'http' },
  })) {
    agrees(`to ${name}`, async (page) => {
      const client = await page.start(
        segment({ ...extra, deliveryStrategy: { strategy: 'batching', config: { size: 1 } } }),
      )
      void client.track('A')
      await page.pass(100)
      return page.deliveries().map(({ url }) => url)
    })
  }

  for (const status of [200, 400, 403, 408, 410, 429, 460, 500, 501, 503, 505, 511]) {
    agrees(
      `and the answer ${status}`,
      async (page) => {
        const client = await page.start(batching({ size: 2, timeout: 100 }))
        void client.track('A')
        void client.track('B')
        await page.pass(20_000)
        return page.deliveries().map(({ headers, body }) => ({
          retry: headers['x-retry-count'] ?? 'none',
          events: (fields(body).batch as Fields[]).map(({ event, _metadata }) => [
            event,
            fields(_metadata).retryCount,
          ]),
        }))
      },
      { replies: [status, 200] },
    )
  }
})

describe('while the page is offline', () => {
  agrees(
    'events wait',
    async (page) => {
      const client = await page.start()
      const ends = [await page.settled(client.track('A')), await page.settled(client.page('B'))]
      const early = page.deliveries().length
      page.setOnline(true)
      await page.pass(10_000)
      return [ends, early, page.sent().map(({ type }) => type)]
    },
    { isOnline: false },
  )

  agrees(
    'they are lost if nothing is to be tried again',
    async (page) => {
      const client = await page.start({ retryQueue: false })
      const end = await page.settled(client.track('A'))
      page.setOnline(true)
      await page.pass(10_000)
      return [end, page.deliveries().length]
    },
    { isOnline: false },
  )
})
