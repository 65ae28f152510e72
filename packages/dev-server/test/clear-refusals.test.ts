import { describe, expect, it } from 'vitest'
import { startDevServer, trackCall } from './helpers/start-dev-server'

describe('a name that nobody reads', () => {
  it.each([
    ['/api/events?usrId=u1', 'usrId', 'userId'],
    ['/api/events?UserID=u1', 'UserID', 'userId'],
    ['/api/events?evnt=A', 'evnt', 'event'],
    ['/api/events?limits=5', 'limits', 'limit'],
    ['/api/events?propertes={}', 'propertes', 'properties'],
    ['/api/events?colour=red', 'colour', undefined],
    ['/api/events?__proto__=1', '__proto__', undefined],
    ['/api/events/m1?userId=u1', 'userId', undefined],
    ['/api/counts?after=1', 'after', undefined],
    ['/api/stream?event=A', 'event', undefined],
    ['/api/faults?kind=hang', 'kind', undefined],
  ])('is refused in a query: %s', async (path, where, nearest) => {
    const { get } = await startDevServer()

    const { status, body } = await get(path)

    expect(status).toBe(400)
    expect(body).toMatchObject({ error: { code: 'unknown_name', where } })
    expect((body as { error: { nearest?: string } }).error.nearest).toBe(nearest)
  })

  it.each([
    ['/api/wait', { evnt: 'A', timeoutMs: 0 }, 'evnt', 'event'],
    ['/api/wait', { timeout: 5 }, 'timeout', 'timeoutMs'],
    ['/api/wait', { limit: 5 }, 'limit', undefined],
    ['/api/faults', { kind: 'status', sttaus: 500 }, 'fault.sttaus', 'status'],
    ['/api/faults', [{ kind: 'hang' }, { kind: 'hang', time: 2 }], 'script[1].time', 'times'],
    ['/api/faults', { kind: 'hang', ms: 100 }, 'fault.ms', undefined],
    ['/api/faults', { scirpt: [] }, 'fault.scirpt', 'script'],
    ['/api/faults', { script: [{ kind: 'hang' }], times: 1 }, 'times', undefined],
    ['/api/faults', { statuses: [500], retry_after: 1 }, 'fault.retry_after', 'retryAfter'],
  ])('is refused in a body: %s %j', async (path, sent, where, nearest) => {
    const { post, client } = await startDevServer()

    const { status, body } = await post(path, sent)

    expect(status).toBe(400)
    expect(body).toMatchObject({ error: { code: 'unknown_name', where } })
    expect((body as { error: { nearest?: string } }).error.nearest).toBe(nearest)
    expect(await client.faults()).toEqual([])
  })

  it('is told with the name it was meant to be, and all there are', async () => {
    const { get } = await startDevServer()

    expect((await get('/api/events?usrId=u1')).body).toMatchObject({
      error: {
        message:
          'There is no "usrId" here; did you mean userId? Known names: status, type, event, userId, anonymousId, messageId, writeKey, properties, traits, since, after, limit',
      },
    })
  })

  it('is none when a list of faults is sent back as it came', async () => {
    const { client } = await startDevServer()
    await client.faults({ kind: 'status', status: 500, times: 2 })

    const listed = await client.faults()
    await client.clearFaults()

    expect(await client.faults(...listed)).toEqual(listed)
  })
})

describe('a number that should be whole', () => {
  it.each([
    '/api/events?limit=1.5',
    '/api/events?limit=1e1',
    '/api/events?limit=0x10',
    '/api/events?limit=%205',
    '/api/events?after=0.5',
  ])('is refused in a query: %s', async (path) => {
    const { get } = await startDevServer()

    expect(await get(path)).toMatchObject({
      status: 400,
      body: {
        error: { code: 'invalid_parameter', message: expect.stringContaining('must be a whole number') },
      },
    })
  })

  it.each([
    ['/api/wait', { count: 1.5 }],
    ['/api/wait', { count: '1.5' }],
    ['/api/wait', { count: true }],
    ['/api/wait', { timeoutMs: 0.5 }],
    ['/api/wait', { timeoutMs: 0, since: null }],
    ['/api/wait', { timeoutMs: 0, since: [] }],
    ['/api/wait', { timeoutMs: 0, since: true }],
    ['/api/faults', { kind: 'status', status: 200.5 }],
    ['/api/faults', { statuses: [503.7] }],
    ['/api/faults', { kind: 'hang', times: 1.5 }],
    ['/api/faults', { kind: 'hang', forMs: 1.5 }],
    ['/api/faults', { kind: 'latency', ms: 1.5 }],
    ['/api/faults', { kind: 'large', bytes: 10.7 }],
    ['/api/faults', { kind: 'status', status: 503, retryAfter: 1.5 }],
    ['/api/faults', { kind: 'status', status: 503, retryAfter: -1 }],
  ])('is refused in a body: %s %j', async (path, sent) => {
    const { post, client } = await startDevServer()

    expect((await post(path, sent)).status).toBe(400)
    expect(await client.faults()).toEqual([])
  })
})

describe('a script of more faults than anybody reads', () => {
  it('is refused', async () => {
    const { post, client } = await startDevServer()

    const { status, body } = await post('/api/faults', {
      statuses: Array.from({ length: 200_000 }, () => 500),
    })

    expect({ status, body }).toMatchObject({ status: 400, body: { error: { code: 'invalid_fault' } } })
    expect(await client.faults()).toEqual([])
  })
})

describe('a wait in vain', () => {
  it('names the properties that differ, what was wanted and what came, and where to see it', async () => {
    const { url, post, client } = await startDevServer()
    const properties = { total: 25, currency: 'USD', items: [{ sku: 'b', note: 'x'.repeat(200) }] }
    await post('/v1/track', trackCall({ messageId: 'a/b', properties }))
    await post('/v1/track', trackCall({ messageId: 'm2' }))

    const wanted = { total: 30, currency: 'USD', coupon: 'SPRING', items: [{ sku: 'a' }] }
    const error: unknown = await client
      .waitFor({ event: 'Order Completed', properties: wanted }, { timeoutMs: 0 })
      .catch((thrown: unknown) => thrown)

    expect(String(error).split('\n').slice(1)).toEqual([
      `  track Order Completed: properties is missing, not ${JSON.stringify(wanted)}`,
      `    ${url}/api/events/m2`,
      '  track Order Completed: properties.total is 25, not 30; properties.coupon is missing, not "SPRING"; properties.items[0].sku is "b", not "a"',
      `    ${url}/api/events/a%2Fb`,
    ])
    expect((await (await fetch(`${url}/api/events/a%2Fb`)).json()) as unknown).toMatchObject({
      messageId: 'a/b',
    })
  })

  it('shortens values, and shows names that are not plain in quotes', async () => {
    const { post, client } = await startDevServer()
    await post('/v1/track', trackCall({ properties: { 'a b': 'x'.repeat(500) } }))

    const error: unknown = await client
      .waitFor({ properties: { 'a b': 1 } }, { timeoutMs: 0 })
      .catch((thrown: unknown) => thrown)

    expect(String(error)).toMatch(/: properties\["a b"\] is "x{99}…, not 1\n/)
  })
})

describe('a filter that is nested deeply', () => {
  const nested = (depth: number, inside: string) => `${'{"a":'.repeat(depth)}${inside}${'}'.repeat(depth)}`

  it('is compared however deep it is', async () => {
    const { post } = await startDevServer({ limits: { eventBytes: 100_000, callBytes: 100_000 } })
    await post('/v1/track', `{"writeKey":"dev","event":"A","userId":"u","properties":${nested(3_000, '1')}}`)
    const wait = async (inside: string) =>
      (await post('/api/wait', `{"timeoutMs":0,"properties":${nested(3_000, inside)}}`)).body

    expect(await wait('1')).toMatchObject({ matched: true })
    expect(await wait('2')).toMatchObject({
      matched: false,
      near: [{ why: [expect.stringMatching(/is 1, not 2$/)] }],
    })
    expect(await post('/api/wait', `{"timeoutMs":0,"properties":${nested(50_000, '1')}}`)).toMatchObject({
      status: 200,
      body: { matched: false },
    })
  })
})
