import { once } from 'node:events'
import { connect } from 'node:net'
import { describe, expect, expectTypeOf, it } from 'vitest'
import type { AcceptedEvent, EventRecord, FailedEvent } from '../src/index'
import { createTestClient, type EventQuery } from '../src/testing'
import { startDevServer, trackCall } from './helpers/start-dev-server'

describe('GET /api/events', () => {
  it('finds events by what they are, and every condition given must hold', async () => {
    const { post, client } = await startDevServer()
    await post(
      '/v1/track',
      trackCall({
        messageId: 'a',
        event: 'Added',
        userId: 'u1',
        properties: { total: 3, items: [{ sku: 'x', n: 1 }] },
      }),
    )
    await post('/v1/track', trackCall({ messageId: 'b', event: 'Removed', userId: 'u1' }))
    await post('/v1/page', { writeKey: 'dev', messageId: 'c', anonymousId: 'a1', name: 'Home' })
    await post('/v1/identify', {
      writeKey: 'dev',
      messageId: 'd',
      userId: 'u2',
      traits: { plan: 'pro', age: 5 },
    })
    const ids = async (filter: EventQuery & { limit?: number }) =>
      (await client.events(filter)).map((event) => event.messageId)

    expect(await ids({ type: 'track' })).toEqual(['a', 'b'])
    expect(await ids({ event: 'Home' })).toEqual(['c'])
    expect(await ids({ userId: 'u1', event: 'Removed' })).toEqual(['b'])
    expect(await ids({ anonymousId: 'a1' })).toEqual(['c'])
    expect(await ids({ properties: { total: 3 } })).toEqual(['a'])
    expect(await ids({ properties: { items: [{ sku: 'x' }] } })).toEqual(['a'])
    expect(await ids({ properties: { items: [] } })).toEqual([])
    expect(await ids({ properties: { toString: {} } })).toEqual([])
    expect(await ids({ traits: { plan: 'pro' } })).toEqual(['d'])
    expect(await ids({ event: "x' or 1=1 --" })).toEqual([])
  })

  it('gives the latest ones up to the limit, the next ones after a number, and those since a time', async () => {
    let time = 1_000_000
    const { post, client, get } = await startDevServer({ now: () => time })
    for (const messageId of ['a', 'b', 'c', 'd']) {
      await post('/v1/track', trackCall({ messageId }))
      time += 1_000
    }
    const ids = async (filter: EventQuery & { limit?: number }) =>
      (await client.events(filter)).map((event) => event.messageId)

    expect(await ids({ limit: 2 })).toEqual(['c', 'd'])
    expect(await ids({ after: 1, limit: 2 })).toEqual(['b', 'c'])
    expect(await ids({ since: new Date(1_002_000) })).toEqual(['c', 'd'])
    expect(await ids({ since: 1_003_000 })).toEqual(['d'])
    expect((await get('/api/events?limit=x')).body).toMatchObject({
      error: { code: 'invalid_parameter', where: 'limit' },
    })
    expect((await get('/api/events?since=soon')).status).toBe(400)
    expect((await get('/api/events?type=toString')).status).toBe(400)
    expect((await get('/api/events?event=a&event=b')).status).toBe(400)
  })

  it('finds what an event carries among more events than fit a page', async () => {
    const { post, client } = await startDevServer()
    const item = (n: number) => trackCall({ messageId: `m${n}`, properties: { n } })
    await post('/v1/batch', { writeKey: 'dev', batch: Array.from({ length: 1_200 }, (_, n) => item(n)) })

    expect((await client.events({ properties: { n: 3 } })).map((event) => event.messageId)).toEqual(['m3'])
    expect((await client.waitFor({ event: 'Order Completed' }, { count: 1_200 })).length).toBe(1_200)
  })
})

describe('POST /api/wait', () => {
  it('answers at once when enough has arrived before', async () => {
    const { post, client } = await startDevServer()
    await post('/v1/track', trackCall({ messageId: 'm1', properties: { total: 30 } }))

    const [order] = await client.waitFor({ event: 'Order Completed', properties: { total: 30 } })

    expect(order?.payload.properties?.total).toBe(30)
  })

  it('waits for what is still to come, over several requests', async () => {
    const { post, client } = await startDevServer()
    await post('/v1/track', trackCall({ messageId: 'm0' }))

    const waiting = client.waitFor({ event: 'Order Completed' }, { count: 3 })
    await post('/v1/track', trackCall({ messageId: 'other', event: 'Other' }))
    await post('/v1/track', trackCall({ messageId: 'm1' }))
    await post('/v1/track', trackCall({ messageId: 'm1' }))
    await post('/v1/track', trackCall({ messageId: 'm2' }))

    expect((await waiting).map((event) => event.messageId)).toEqual(['m0', 'm1', 'm2'])
  })

  it('tells what came closest when the time is over', async () => {
    const { url, post, client } = await startDevServer()
    await post('/v1/track', trackCall({ messageId: 'm1', event: 'order completed' }))
    await post('/v1/track', trackCall({ messageId: 'm2', event: 'Cart Viewed', userId: 'u2' }))
    await post('/v1/track', trackCall({ messageId: 'm3', userId: undefined }))

    const error: unknown = await client
      .waitFor({ event: 'Order Completed', userId: 'u1' }, { timeoutMs: 50 })
      .catch((thrown: unknown) => thrown)

    expect(error).toMatchObject({ name: 'DevServerError', code: 'wait_timed_out' })
    expect(String(error).split('\n')).toEqual([
      'DevServerError: Waited 50 ms for 1 × {"event":"Order Completed","userId":"u1"}, got 0. Closest:',
      '  track order completed: event is "order completed", not "Order Completed"',
      `    ${url}/api/events/m1`,
      '  track Order Completed: it failed on ingest: Neither userId nor anonymousId is given; userId is null, not "u1"',
      `    ${url}/api/events/m3`,
      '  track Cart Viewed: event is "Cart Viewed", not "Order Completed"; userId is "u2", not "u1"',
      `    ${url}/api/events/m2`,
    ])
  })

  it('waits for failures, too', async () => {
    const { post, client } = await startDevServer()

    const waiting = client.waitFor({ status: 'failed' })
    await post('/v1/track', trackCall({ event: '' }))

    expect(await waiting).toMatchObject([{ status: 'failed', failure: { reason: 'event_name_missing' } }])
  })
})

describe('POST /api/reset', () => {
  it('forgets events, ids, counts, faults and limits, and goes on numbering', async () => {
    const { post, client } = await startDevServer({ rateLimit: { requests: 1, perMs: 60_000 } })
    await post('/v1/track', trackCall({ messageId: 'm1' }))
    await client.faults({ kind: 'reset' })

    await client.reset()

    expect(await client.events({ status: 'all' })).toEqual([])
    expect(await client.faults()).toEqual([])
    expect((await post('/v1/track', trackCall({ messageId: 'm1' }))).status).toBe(200)
    expect(await client.counts()).toEqual({
      requests: 1,
      bytes: JSON.stringify(trackCall({ messageId: 'm1' })).length,
      batches: 0,
      accepted: 1,
      duplicates: 0,
      failed: 0,
      metrics: 0,
      byType: { track: 1 },
      failedByReason: {},
      refused: {},
    })
    expect(await client.event('m1')).toMatchObject({ seq: 2 })
  })
})

describe('GET /api/stream', () => {
  it('tells of each request as it is settled, also of those refused', async () => {
    const { url, post, client } = await startDevServer()
    const stream = await fetch(`${url}/api/stream`)
    const read = readNotices(stream)

    await post('/v1/batch', {
      writeKey: 'dev',
      batch: [trackCall({ messageId: 'm1' }), trackCall({ messageId: 'm1' }), 5],
    })
    await post('/v1/track', '{')
    await client.reset()

    expect(stream.headers.get('content-type')).toBe('text/event-stream')
    expect(await read(3)).toMatchObject([
      {
        event: 'batch',
        data: {
          kind: 'batch',
          route: 'batch',
          writeKey: 'dev',
          accepted: 1,
          duplicates: 1,
          failed: 1,
          events: [
            { messageId: 'm1', payload: { event: 'Order Completed' } },
            { status: 'failed', payload: 5 },
          ],
        },
      },
      { event: 'refused', data: { route: 'track', status: 400, reason: 'malformed' } },
      { event: 'reset', data: { kind: 'reset' } },
    ])
    await stream.body?.cancel().catch(() => undefined)
  })
})

describe('a reader of the stream that is too slow', () => {
  it('is told how much it missed, instead of being kept in memory', async () => {
    const { dev, post } = await startDevServer()
    const socket = connect(dev.port, '127.0.0.1')
    socket.write('GET /api/stream HTTP/1.1\r\nHost: localhost\r\n\r\n')
    await once(socket, 'readable')
    const item = (messageId: string) => trackCall({ messageId, properties: { pad: 'x'.repeat(30_000) } })
    const batch = (name: number) => Array.from({ length: 15 }, (_, index) => item(`${name}-${index}`))

    for (let name = 0; name < 50; name += 1) await post('/v1/batch', { writeKey: 'dev', batch: batch(name) })
    let text = ''
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString()
    })
    while (!text.includes('event: skipped')) {
      await post('/v1/track', trackCall())
    }
    socket.destroy()

    expect(text).toMatch(/event: skipped\ndata: {"kind":"skipped","notices":[1-9]\d*}\n\n/)
  })
})

describe('readers of the stream that never read', () => {
  it('share what they have not read, however many they are', async () => {
    const { dev, post } = await startDevServer()
    const sockets = Array.from({ length: 60 }, () => connect(dev.port, '127.0.0.1'))
    for (const socket of sockets) {
      socket.write('GET /api/stream HTTP/1.1\r\nHost: localhost\r\n\r\n')
      await once(socket, 'readable')
    }
    const memory = () => {
      const { heapUsed, external } = process.memoryUsage()
      return (heapUsed + external) / 1e6
    }
    const before = memory()
    for (let name = 0; name < 20; name += 1) {
      const pad = 'x'.repeat(30_000)
      const batch = Array.from({ length: 15 }, (_, at) =>
        trackCall({ messageId: `${name}-${at}`, properties: { pad } }),
      )
      await post('/v1/batch', { writeKey: 'dev', batch })
    }
    const grown = memory() - before
    for (const socket of sockets) socket.destroy()

    // 60 readers of 8 MB each would be more than 400 MB.
    expect(grown).toBeLessThan(200)
  })
})

describe('a listener in the same process', () => {
  it('hears what the stream tells until it leaves, and cannot break an answer', async () => {
    const { dev, post } = await startDevServer()
    const heard: string[] = []
    const stop = dev.onArrival((notice) => heard.push(notice.kind))
    const stopBroken = dev.onArrival(() => {
      throw new Error('broken listener')
    })
    const warned = new Promise<Error>((resolve) => process.once('warning', resolve))

    expect((await post('/v1/track', trackCall())).status).toBe(200)
    stop()
    stopBroken()
    await post('/v1/track', trackCall())

    expect(heard).toEqual(['batch'])
    expect((await warned).message).toContain('broken listener')
  })
})

describe('the test client', () => {
  it('says so when no server answers', async () => {
    const { dev, client } = await startDevServer()
    await dev.close()

    await expect(client.counts()).rejects.toMatchObject({ code: 'request_failed', facts: { url: dev.url } })
  })

  it.each([undefined, null, '', 'localhost:4777', 4777])('refuses %j as an address by name', (url) => {
    expect(() => createTestClient(url as string)).toThrow(
      expect.objectContaining({ code: 'invalid_option', facts: { option: 'url' } }),
    )
  })

  it('takes a URL', async () => {
    const { url } = await startDevServer()

    expect(await createTestClient(new URL(url)).events()).toEqual([])
  })

  it('answers undefined for an event nobody sent, and takes a URL with a slash at its end', async () => {
    const { url } = await startDevServer()

    expect(await createTestClient(`${url}/`).event('nope/?#%')).toBeUndefined()
  })

  it('says what the server found wrong', async () => {
    const { client } = await startDevServer()

    await expect(client.events({ limit: -1 })).rejects.toMatchObject({
      code: 'request_failed',
      facts: { status: 400 },
    })
    await expect(client.waitFor({}, { timeoutMs: 1e9 })).rejects.toMatchObject({ code: 'request_failed' })
  })
})

/** Reads server-sent events off a response; each call goes on where the last one stopped. */
function readNotices(response: Response) {
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  return async (count: number) => {
    const messages = () =>
      text
        .split('\n\n')
        .slice(0, -1)
        .filter((message) => message.startsWith('event:'))
    while (messages().length < count) {
      const chunk = await reader?.read()
      if (chunk === undefined || chunk.done) break
      text += chunk.value
    }
    return messages().map((message) => {
      const [event = '', data = ''] = message.split('\n')
      return { event: event.slice(7), data: JSON.parse(data.slice(6)) as unknown }
    })
  }
}

it('types what a query finds by its status', async () => {
  const { client, post } = await startDevServer()
  await post('/v1/track', trackCall())

  expectTypeOf(await client.waitFor({ event: 'Order Completed' })).toEqualTypeOf<AcceptedEvent[]>()
  expectTypeOf(await client.events()).toEqualTypeOf<AcceptedEvent[]>()
  expectTypeOf(await client.events({ status: 'failed', limit: 1 })).toEqualTypeOf<FailedEvent[]>()
  expectTypeOf(await client.events({ status: 'all' })).toEqualTypeOf<EventRecord[]>()
})
