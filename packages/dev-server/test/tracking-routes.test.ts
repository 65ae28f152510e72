import { describe, expect, it } from 'vitest'
import { batchOf, ok, startDevServer, trackCall } from './helpers/start-dev-server'

const calls = [
  { type: 'track', fields: { event: 'Signed Up' } },
  { type: 'identify', fields: { traits: { plan: 'pro' } } },
  { type: 'page', fields: { name: 'Home' } },
  { type: 'screen', fields: { name: 'Start' } },
  { type: 'group', fields: { groupId: 'g1' } },
  { type: 'alias', fields: { previousId: 'old' } },
]

describe('tracking routes', () => {
  it.each(
    calls.flatMap(({ type, fields }) => [
      { path: `/v1/${type}`, type, fields, channel: 'server' },
      { path: `/v1/${type.charAt(0)}`, type, fields, channel: 'client' },
    ]),
  )('takes a $type call at $path for channel $channel', async ({ path, type, fields, channel }) => {
    const { post, client } = await startDevServer()

    const { status, body } = await post(path, { writeKey: 'dev', userId: 'u1', messageId: 'm1', ...fields })

    expect({ status, body }).toEqual({ status: 200, body: ok })
    expect(await client.event('m1')).toMatchObject({
      status: 'accepted',
      type,
      channel,
      payload: { type, channel, ...fields },
    })
  })

  it.each([
    { path: '/v1/batch', channel: 'server' },
    { path: '/v1/import', channel: 'server' },
    { path: '/v1/b', channel: 'client' },
  ])('takes a batch at $path for channel $channel', async ({ path, channel }) => {
    const { post, client } = await startDevServer()

    expect((await post(path, batchOf(3))).status).toBe(200)

    const events = await client.events()
    expect(events.map((event) => [event.messageId, event.channel])).toEqual([
      ['m0', channel],
      ['m1', channel],
      ['m2', channel],
    ])
  })

  it('does not care what a sender calls its content type, or whether a slash ends the path', async () => {
    const { post, client } = await startDevServer()

    for (const type of [
      'text/plain',
      'application/json',
      'text/plain;charset=UTF-8',
      'application/x-www-form-urlencoded',
    ]) {
      expect((await post('/v1/t', trackCall(), { 'content-type': type })).status).toBe(200)
    }
    expect((await post('/v1/track/', trackCall())).status).toBe(200)
    expect(await client.counts()).toMatchObject({ accepted: 5 })
  })

  it.each(['track', 'page'])('answers a picture at the %s pixel and takes its event', async (type) => {
    const { url, client } = await startDevServer()
    const data = Buffer.from(JSON.stringify(trackCall({ type, name: 'Home', messageId: 'm1' }))).toString(
      'base64',
    )

    const response = await fetch(`${url}/v1/pixel/${type}?data=${encodeURIComponent(data)}`)

    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'image/gif'])
    expect(
      Buffer.from(await response.arrayBuffer())
        .subarray(0, 6)
        .toString(),
    ).toBe('GIF89a')
    expect(await client.event('m1')).toMatchObject({ type, channel: 'client' })
  })

  it('counts client metrics without asking for a write key', async () => {
    const { post, client } = await startDevServer()

    expect((await post('/v1/m', { series: [{ type: 'Counter' }, { type: 'Counter' }] })).body).toEqual(ok)

    expect(await client.counts()).toMatchObject({ metrics: 2 })
    expect((await post('/v1/m', { series: 5 })).status).toBe(400)
    await client.faults({ kind: 'status', status: 500, times: 1 })
    expect((await post('/v1/m', { series: [] })).status).toBe(500)
  })

  it('gives browsers settings that send them back here, with what the config adds', async () => {
    const { get, url } = await startDevServer({
      settings: {
        integrations: { 'Segment.io': { retryQueue: false }, Braze: { type: 'server' } },
        remotePlugins: [{ name: 'x' }],
      },
    })

    const { body } = await get('/v1/projects/dev/settings')

    const apiHost = `${url.replace('http://', '')}/v1`
    expect(body).toMatchObject({
      integrations: {
        'Segment.io': { apiKey: 'dev', apiHost, protocol: 'http', retryQueue: false },
        Braze: { type: 'server' },
      },
      remotePlugins: [{ name: 'x' }],
      metrics: { host: apiHost, sampleRate: 0 },
    })
    expect((await get('/v1/projects/other/settings')).status).toBe(404)
  })

  it('answers anything else under /v1 with 404 that a page may read', async () => {
    const { get } = await startDevServer()

    const { status, headers, body } = await get('/v1/nothing', { origin: 'https://app.example' })

    expect(status).toBe(404)
    expect(headers.get('access-control-allow-origin')).toBe('https://app.example')
    expect(body).toEqual({
      success: false,
      error: { code: 'route_unknown', message: 'There is no GET /v1/nothing' },
    })
  })

  it('tells its health, version and counts', async () => {
    const { get, post } = await startDevServer()
    await post('/v1/track', trackCall())

    expect((await get('/health')).body).toMatchObject({
      status: 'ok',
      version: expect.any(String),
      counts: { accepted: 1 },
    })
  })
})

describe('given a page of another site', () => {
  it('lets it track, with any header, and read when to come back', async () => {
    const { url, post } = await startDevServer({ rateLimit: { requests: 1, perMs: 60_000 } })
    const origin = 'https://app.example'

    const preflight = await fetch(`${url}/v1/t`, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,x-retry-count,x-whatever',
        'access-control-request-private-network': 'true',
      },
    })
    await post('/v1/t', trackCall(), { origin })
    const limited = await post('/v1/t', trackCall(), { origin })

    expect(preflight.status).toBe(204)
    expect(preflight.headers.get('access-control-allow-origin')).toBe(origin)
    expect(preflight.headers.get('access-control-allow-headers')).toBe(
      'authorization,x-retry-count,x-whatever',
    )
    expect(preflight.headers.get('access-control-allow-private-network')).toBe('true')
    expect(limited.status).toBe(429)
    expect(limited.headers.get('access-control-allow-origin')).toBe(origin)
    expect(limited.headers.get('access-control-expose-headers')).toBe('Retry-After, X-RateLimit-Reset')
  })

  it('does not let it read what was tracked, or reset it', async () => {
    const { get, post, url, client } = await startDevServer()
    await post('/v1/track', trackCall())
    const origin = 'https://evil.example'

    expect((await get('/api/events', { origin })).status).toBe(403)
    expect((await get('/api/events', { origin: 'null' })).status).toBe(403)
    expect((await post('/api/reset', '', { origin })).status).toBe(403)
    expect((await get('/api/events', { origin: url })).status).toBe(200)
    expect(await client.events()).toHaveLength(1)
  })
})
