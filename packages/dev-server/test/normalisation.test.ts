import { describe, expect, it } from 'vitest'
import { startDevServer, trackCall } from './helpers/start-dev-server'

const receivedAt = '2026-05-01T12:00:00.000Z'
const now = () => Date.parse(receivedAt)

async function receive(path: string, body: unknown) {
  const { post, client } = await startDevServer({ now })
  await post(path, body)
  const [event] = await client.events()
  return event?.payload
}

describe('an accepted event', () => {
  it('is completed, and keeps what its sender sent', async () => {
    const payload = await receive(
      '/v1/track',
      trackCall({ messageId: 'm1', properties: { total: 1 }, custom: true }),
    )

    expect(payload).toEqual({
      type: 'track',
      event: 'Order Completed',
      userId: 'u1',
      messageId: 'm1',
      properties: { total: 1 },
      custom: true,
      channel: 'server',
      context: {},
      integrations: {},
      originalTimestamp: receivedAt,
      receivedAt,
      timestamp: receivedAt,
      version: 2,
    })
  })

  it.each([
    {
      case: 'a clock an hour ahead',
      timestamp: '2026-05-01T12:59:50.000Z',
      sentAt: '2026-05-01T13:00:00.000Z',
      is: '2026-05-01T11:59:50.000Z',
    },
    {
      case: 'a clock a year behind',
      timestamp: '2025-05-01T11:59:00.000Z',
      sentAt: '2025-05-01T12:00:00.000Z',
      is: '2026-05-01T11:59:00.000Z',
    },
    {
      case: 'no sentAt',
      timestamp: '2020-01-01T00:00:00.000Z',
      sentAt: undefined,
      is: '2020-01-01T00:00:00.000Z',
    },
    {
      case: 'a sentAt that is no date',
      timestamp: '2020-01-01T00:00:00.000Z',
      sentAt: 'now',
      is: '2020-01-01T00:00:00.000Z',
    },
    { case: 'no timestamp', timestamp: undefined, sentAt: '2026-05-01T13:00:00.000Z', is: receivedAt },
    {
      case: 'dates so far apart that none can hold the sum',
      timestamp: '+275760-09-13T00:00:00.000Z',
      sentAt: '-271821-04-20T00:00:00.000Z',
      is: receivedAt,
    },
  ])('gets the time by our clock, given $case', async ({ timestamp, sentAt, is }) => {
    const payload = await receive('/v1/track', trackCall({ timestamp, sentAt }))

    expect(payload?.timestamp).toBe(is)
    if (timestamp !== undefined) expect(payload?.originalTimestamp).toBe(timestamp)
  })

  it('is dated by the sentAt of its batch, which is later than its own', async () => {
    const item = trackCall({ timestamp: '2026-05-01T10:00:00.000Z', sentAt: '2026-05-01T10:00:01.000Z' })

    const payload = await receive('/v1/batch', {
      writeKey: 'dev',
      sentAt: '2026-05-01T11:00:00.000Z',
      batch: [item],
    })

    expect(payload?.timestamp).toBe('2026-05-01T11:00:00.000Z')
  })

  it('lies on the context and integrations of its batch', async () => {
    const payload = await receive('/v1/batch', {
      writeKey: 'dev',
      context: { locale: 'de', app: { name: 'a' } },
      integrations: { All: false, Braze: true },
      batch: [trackCall({ context: { locale: 'en' }, integrations: { Braze: false } })],
    })

    expect(payload?.context).toEqual({ locale: 'en', app: { name: 'a' } })
    expect(payload?.integrations).toEqual({ All: false, Braze: false })
  })

  it('carries the address of a client, unless it names one, and never that of a server', async () => {
    expect((await receive('/v1/t', trackCall()))?.context).toEqual({ ip: '127.0.0.1' })
    expect((await receive('/v1/t', trackCall({ context: { ip: '1.2.3.4' } })))?.context).toEqual({
      ip: '1.2.3.4',
    })
    expect((await receive('/v1/track', trackCall()))?.context).toEqual({})
  })

  it('gets an id of its own when it has none', async () => {
    const { post, client } = await startDevServer()

    await post('/v1/batch', { writeKey: 'dev', batch: [trackCall(), trackCall()] })

    const ids = (await client.events()).map((event) => event.messageId)
    expect(new Set(ids).size).toBe(2)
    expect(ids[0]).toMatch(/^[\da-f-]{36}$/)
  })

  it('keeps a key named __proto__ as the plain data it is', async () => {
    const { post, get } = await startDevServer()

    await post(
      '/v1/track?writeKey=dev',
      '{"userId":"u","event":"e","messageId":"m1","__proto__":{"x":1},"context":{"__proto__":{"y":2}}}',
    )

    expect(JSON.stringify((await get('/api/events/m1')).body)).toContain('"__proto__":{"x":1}')
    expect(({} as Record<string, unknown>).x).toBeUndefined()
  })
})

describe('deduplication', () => {
  it('counts an event sent twice once, and answers 200 both times', async () => {
    const { post, client } = await startDevServer({ writeKeys: ['dev', 'web'] })

    expect((await post('/v1/track', trackCall({ messageId: 'm1' }))).status).toBe(200)
    expect(
      (
        await post('/v1/b', {
          writeKey: 'dev',
          batch: [
            trackCall({ messageId: 'm1' }),
            trackCall({ messageId: 'm2' }),
            trackCall({ messageId: 'm2' }),
          ],
        })
      ).status,
    ).toBe(200)
    await post('/v1/track', trackCall({ messageId: 'm1', writeKey: 'web' }))

    expect(await client.counts()).toMatchObject({ accepted: 3, duplicates: 2 })
    expect((await client.events()).map((event) => `${event.writeKey} ${event.messageId}`)).toEqual([
      'dev m1',
      'dev m2',
      'web m1',
    ])
  })

  it('holds for requests that arrive at the same moment', async () => {
    const { post, client } = await startDevServer()

    await Promise.all(Array.from({ length: 20 }, () => post('/v1/track', trackCall({ messageId: 'm1' }))))

    expect(await client.counts()).toMatchObject({ requests: 20, accepted: 1, duplicates: 19 })
  })

  it('tells ids apart that differ only after a NUL or by half a surrogate pair', async () => {
    const { post, client } = await startDevServer()

    for (const messageId of ['a\u0000b', 'a\u0000c', 'a\ud800', 'a\ud801'])
      await post('/v1/track', trackCall({ messageId }))

    expect(await client.counts()).toMatchObject({ accepted: 4, duplicates: 0 })
    expect(await client.events({ messageId: 'a\u0000b' })).toHaveLength(1)
  })
})
