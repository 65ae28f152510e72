import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { startCollector } from '../src/collector'
import { at, fields, text } from '../src/fields'
import { type Fields, type Method, methods, type NodeLibrary } from '../src/library'
import { startClient } from '../src/start-client'
import { nodeSubjects } from '../src/subjects'
import { keyOrder, messageIdPattern, normalised } from '../src/wire'

const timestamp = new Date('2026-01-02T03:04:05.678Z')
const everything = {
  context: { ip: '1.2.3.4', page: { url: 'https://example.com/a' }, custom: { deep: [1, { two: 2 }] } },
  timestamp,
  integrations: { All: false, Mixpanel: true, 'Google Analytics': { id: 1 } },
  messageId: 'my-message',
}
const bothIds = { userId: 'u1', anonymousId: 'a1' }

const full: Record<Method, Fields> = {
  track: { event: 'Bought', properties: { price: 1.5, tags: ['a'] }, ...bothIds, ...everything },
  identify: { traits: { email: 'a@b.c', plan: null }, ...bothIds, ...everything },
  page: { category: 'Docs', name: 'Home', properties: { title: 'T' }, ...bothIds, ...everything },
  screen: { category: 'Docs', name: 'Home', properties: { title: 'T' }, ...bothIds, ...everything },
  group: { groupId: 'g1', traits: { employees: 3 }, ...bothIds, ...everything },
  alias: { userId: 'u1', previousId: 'p1', ...everything },
}

const least: Record<Method, Fields> = {
  track: { userId: 'u1', event: 'Bought' },
  identify: { userId: 'u1' },
  page: { anonymousId: 'a1' },
  screen: { anonymousId: 'a1' },
  group: { userId: 'u1', groupId: 'g1' },
  alias: { userId: 'u1', previousId: 'p1' },
}

const sharedFull = {
  timestamp: '2026-01-02T03:04:05.678Z',
  integrations: { All: false, Mixpanel: true, 'Google Analytics': { id: 1 } },
  messageId: 'my-message',
  context: {
    ip: '1.2.3.4',
    page: { url: 'https://example.com/a' },
    custom: { deep: [1, { two: 2 }] },
    library: '<library>',
  },
  _metadata: { nodeVersion: process.version, jsRuntime: 'node' },
}
const sharedLeast = {
  timestamp: '<now>',
  integrations: {},
  messageId: '<message id>',
  context: { library: '<library>' },
  _metadata: { nodeVersion: process.version, jsRuntime: 'node' },
}

const expectedFull: Record<Method, Fields> = {
  track: {
    type: 'track',
    event: 'Bought',
    properties: { price: 1.5, tags: ['a'] },
    ...bothIds,
    ...sharedFull,
  },
  identify: { type: 'identify', traits: { email: 'a@b.c', plan: null }, ...bothIds, ...sharedFull },
  page: {
    type: 'page',
    category: 'Docs',
    name: 'Home',
    properties: { title: 'T', category: 'Docs' },
    ...bothIds,
    ...sharedFull,
  },
  screen: {
    type: 'screen',
    category: 'Docs',
    name: 'Home',
    properties: { title: 'T' },
    ...bothIds,
    ...sharedFull,
  },
  group: { type: 'group', groupId: 'g1', traits: { employees: 3 }, ...bothIds, ...sharedFull },
  alias: { type: 'alias', userId: 'u1', previousId: 'p1', ...sharedFull },
}

const expectedLeast: Record<Method, Fields> = {
  track: { type: 'track', event: 'Bought', properties: {}, userId: 'u1', ...sharedLeast },
  identify: { type: 'identify', traits: {}, userId: 'u1', ...sharedLeast },
  page: { type: 'page', properties: {}, anonymousId: 'a1', ...sharedLeast },
  screen: { type: 'screen', properties: {}, anonymousId: 'a1', ...sharedLeast },
  group: { type: 'group', groupId: 'g1', traits: {}, userId: 'u1', ...sharedLeast },
  alias: { type: 'alias', userId: 'u1', previousId: 'p1', ...sharedLeast },
}

const libraryTail = ['context', 'context.library', 'context.library.name', 'context.library.version']
const metadataTail = ['_metadata', '_metadata.nodeVersion', '_metadata.jsRuntime']
const order: Record<Method, string[]> = {
  track: ['timestamp', 'integrations', 'event', 'type', 'properties', ...libraryTail, 'userId', 'messageId'],
  identify: ['timestamp', 'integrations', 'type', 'userId', 'traits', ...libraryTail, 'messageId'],
  page: ['timestamp', 'integrations', 'type', 'properties', ...libraryTail, 'anonymousId', 'messageId'],
  screen: ['timestamp', 'integrations', 'type', 'properties', ...libraryTail, 'anonymousId', 'messageId'],
  group: ['timestamp', 'integrations', 'type', 'traits', 'groupId', ...libraryTail, 'userId', 'messageId'],
  alias: ['timestamp', 'integrations', 'userId', 'type', 'previousId', ...libraryTail, 'messageId'],
}

const pageOrder = [
  'timestamp',
  'integrations',
  'type',
  'properties',
  'category',
  'name',
  'context',
  'anonymousId',
  'userId',
  'messageId',
  '_metadata',
]
const fullOrder: Record<Method, string[]> = {
  track: [
    'timestamp',
    'integrations',
    'event',
    'type',
    'properties',
    'context',
    'userId',
    'anonymousId',
    'messageId',
    '_metadata',
  ],
  identify: [
    'timestamp',
    'integrations',
    'type',
    'userId',
    'traits',
    'context',
    'anonymousId',
    'messageId',
    '_metadata',
  ],
  page: pageOrder,
  screen: pageOrder,
  group: [
    'timestamp',
    'integrations',
    'type',
    'traits',
    'groupId',
    'context',
    'anonymousId',
    'userId',
    'messageId',
    '_metadata',
  ],
  alias: ['timestamp', 'integrations', 'userId', 'type', 'previousId', 'context', 'messageId', '_metadata'],
}

describe.each(nodeSubjects)('the wire of $name', (subject) => {
  let library: NodeLibrary
  beforeAll(async () => {
    library = await subject.load()
  })

  describe.each(methods)('%s', (method) => {
    it('puts exactly the known fields on an event with every option', async () => {
      const { analytics, http } = await startClient(subject)

      analytics[method](full[method])
      await http.reached(1)

      expect(http.events().map((event) => normalised(event, subject, analytics.VERSION))).toEqual([
        expectedFull[method],
      ])
    })

    it('puts exactly the known fields on the smallest event', async () => {
      const { analytics, http } = await startClient(subject)

      analytics[method](least[method])
      await http.reached(1)

      expect(http.events().map((event) => normalised(event, subject, analytics.VERSION))).toEqual([
        expectedLeast[method],
      ])
    })

    it('keeps the order of the keys', async () => {
      const { analytics, http } = await startClient(subject)

      analytics[method](least[method])
      await http.reached(1)

      expect(keyOrder(http.events()[0])).toEqual([...order[method], ...metadataTail])
    })

    it('keeps the order of the keys of an event with every option', async () => {
      const { analytics, http } = await startClient(subject)

      analytics[method](full[method])
      await http.reached(1)

      expect(Object.keys(http.events()[0] ?? {})).toEqual(fullOrder[method])
    })

    it('returns nothing', async () => {
      const { analytics } = await startClient(subject)

      expect(analytics[method](least[method])).toBeUndefined()
    })
  })

  it('makes a POST with exactly three headers and exactly three fields in the body', async () => {
    const { analytics, http } = await startClient(subject, { settings: { writeKey: 'kéy' } })

    analytics.track(least.track)
    await http.reached(1)

    const [request] = http.requests
    expect(request?.url).toBe('https://api.segment.io/v1/batch')
    expect(request?.method).toBe('POST')
    expect(request?.httpRequestTimeout).toBe(10_000)
    expect(request?.headers).toEqual({
      'Content-Type': 'application/json',
      'User-Agent': subject.userAgent(analytics.VERSION),
      Authorization: `Basic ${Buffer.from('kéy:').toString('base64')}`,
    })
    expect(Object.keys(request?.payload ?? {})).toEqual(['batch', 'writeKey', 'sentAt'])
    expect(request?.payload.writeKey).toBe('kéy')
    const sentAt = text(request?.payload.sentAt)
    expect(new Date(sentAt).toISOString()).toBe(sentAt)
    expect(Math.abs(Date.now() - Date.parse(sentAt))).toBeLessThan(10_000)
  })

  it('sends the same request over a real connection', async () => {
    const collector = await startCollector()
    onTestFinished(() => collector.close())
    const { Analytics } = library
    const analytics = new Analytics({ writeKey: 'test-key', flushAt: 1, host: collector.url })

    analytics.track({ ...least.track, properties: { text: 'Grüße 👋 \u2028' } })
    await collector.reached(1)

    const [received] = collector.received
    expect(received?.method).toBe('POST')
    expect(received?.path).toBe('/v1/batch')
    expect(Object.keys(received?.headers ?? {}).sort()).toEqual([
      'accept',
      'accept-encoding',
      'accept-language',
      'authorization',
      'connection',
      'content-length',
      'content-type',
      'host',
      'sec-fetch-mode',
      'user-agent',
    ])
    expect(received?.headers).toMatchObject({
      'content-type': 'application/json',
      'user-agent': subject.userAgent(analytics.VERSION),
      authorization: 'Basic dGVzdC1rZXk6',
      'content-length': String(Buffer.byteLength(received?.rawBody ?? '')),
    })
    expect(at(received?.batch, 0, 'properties')).toEqual({ text: 'Grüße 👋 \u2028' })
  })

  it.each([
    { settings: { host: 'http://h.test' }, url: 'http://h.test/v1/batch' },
    { settings: { host: 'http://h.test/' }, url: 'http://h.test/v1/batch' },
    { settings: { host: 'http://h.test:8080', path: '/in' }, url: 'http://h.test:8080/in' },
    { settings: { host: 'http://h.test', path: '/in/' }, url: 'http://h.test/in' },
    { settings: { host: 'http://h.test', path: 'in' }, url: 'http://h.test/in' },
    { settings: { host: 'http://h.test/base/', path: 'in' }, url: 'http://h.test/base/in' },
    { settings: { host: 'http://h.test/base', path: '/in' }, url: 'http://h.test/in' },
    { settings: { host: 'http://h.test/base/', path: '' }, url: 'http://h.test/base' },
    { settings: { path: '/v2/other' }, url: 'https://api.segment.io/v2/other' },
  ])('resolves $settings to $url', async ({ settings, url }) => {
    const { analytics, http } = await startClient(subject, { settings })

    analytics.track(least.track)
    await http.reached(1)

    expect(http.requests[0]?.url).toBe(url)
  })

  it('makes message ids of eight parts that do not repeat', async () => {
    const { analytics, http } = await startClient(subject, { settings: { flushAt: 50 } })
    const before = Date.now()

    for (let i = 0; i < 50; i += 1) analytics.track(least.track)
    await http.reached(1)

    const ids = http.events().map((event) => text(event.messageId))
    expect(new Set(ids).size).toBe(50)
    for (const id of ids) {
      expect(id).toMatch(messageIdPattern)
      expect(id.split('-')).toHaveLength(8)
      expect(Number(id.split('-')[2])).toBeGreaterThanOrEqual(before)
      expect(Number(id.split('-')[2])).toBeLessThanOrEqual(Date.now())
    }
  })

  it('replaces what the caller said about the library and keeps its other fields', async () => {
    const { analytics, http } = await startClient(subject)

    analytics.track({ ...least.track, context: { library: { name: 'mine', version: '0', extra: 1 } } })
    await http.reached(1)

    expect(at(http.events(), 0, 'context', 'library')).toEqual({
      name: subject.libraryName,
      version: analytics.VERSION,
      extra: 1,
    })
  })

  it('hands the timeout of the settings to the HTTP client', async () => {
    const { analytics, http } = await startClient(subject, { settings: { httpRequestTimeout: 1234 } })

    analytics.track(least.track)
    await http.reached(1)

    expect(http.requests[0]?.httpRequestTimeout).toBe(1234)
  })

  it('has a version that is there and can not be set', async () => {
    const { analytics } = await startClient(subject)

    expect(analytics.VERSION).toMatch(/^\d+\.\d+\.\d+/)
    expect(() => Object.assign(analytics, { VERSION: '9' })).toThrow(TypeError)
  })

  it('sends the events of one batch in the order of the calls', async () => {
    const { analytics, http } = await startClient(subject, { settings: { flushAt: 6 } })

    for (const method of methods) analytics[method](least[method])
    await http.reached(1)

    expect(http.requests[0]?.batch.map((event) => event.type)).toEqual([...methods])
    expect(fields(http.requests[0]?.payload).batch).toHaveLength(6)
  })
})
