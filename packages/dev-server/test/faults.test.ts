import { describe, expect, it } from 'vitest'
import { createFaultBook } from '../src/faults/fault-book'
import type { Fault } from '../src/index'
import { ok, startDevServer, trackCall } from './helpers/start-dev-server'

describe('injected faults', () => {
  it('answer a script of statuses in order, with Retry-After, and then nothing more', async () => {
    const { post, client } = await startDevServer()
    await post('/api/faults', { statuses: [500, 429], retryAfter: 3 })

    const answers = [
      await post('/v1/track', trackCall()),
      await post('/v1/track', trackCall()),
      await post('/v1/track', trackCall()),
    ]

    expect(answers.map(({ status, headers }) => [status, headers.get('retry-after')])).toEqual([
      [500, '3'],
      [429, '3'],
      [200, null],
    ])
    expect(await client.counts()).toMatchObject({ requests: 3, accepted: 1, refused: { fault: 2 } })
    expect(await client.faults()).toEqual([])
  })

  it('may say Retry-After as a date, and any body', async () => {
    const { post, client } = await startDevServer()
    await client.faults({
      kind: 'status',
      status: 503,
      retryAfter: 'Wed, 21 Oct 2026 07:28:00 GMT',
      body: 'Down',
      times: 1,
    })

    const answer = await post('/v1/track', trackCall())

    expect([answer.status, answer.headers.get('retry-after'), answer.body]).toEqual([
      503,
      'Wed, 21 Oct 2026 07:28:00 GMT',
      'Down',
    ])
  })

  it('can be read by a page of another site, as real ones could', async () => {
    const { post, client } = await startDevServer()
    await client.faults({ kind: 'status', status: 500 })

    const answer = await post('/v1/t', trackCall(), { origin: 'https://app.example' })

    expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([
      500,
      'https://app.example',
    ])
  })

  it('hold an answer back and then let it through', async () => {
    const { post, client } = await startDevServer()
    await client.faults({ kind: 'latency', ms: 150, times: 1 })

    const start = performance.now()
    const { body } = await post('/v1/track', trackCall())

    expect(performance.now() - start).toBeGreaterThanOrEqual(145)
    expect(body).toEqual(ok)
  })

  it('reset the connection', async () => {
    const { post, client } = await startDevServer()
    await client.faults({ kind: 'reset', times: 1 })

    await expect(post('/v1/track', trackCall())).rejects.toMatchObject({ cause: { code: 'ECONNRESET' } })
    expect(await client.counts()).toMatchObject({ accepted: 0, refused: { fault: 1 } })
  })

  it('reset the connection after the event is stored, so that a retry is a duplicate', async () => {
    const { post, client } = await startDevServer()
    await client.faults({ kind: 'reset', times: 1, when: 'after' })

    await expect(post('/v1/track', trackCall({ messageId: 'm1' }))).rejects.toThrow()
    await post('/v1/track', trackCall({ messageId: 'm1' }))

    expect(await client.counts()).toMatchObject({ accepted: 1, duplicates: 1 })
  })

  it('cut an answer in the middle', async () => {
    const { url, client } = await startDevServer()
    await client.faults({ kind: 'partial', times: 1 })

    const response = await fetch(`${url}/v1/track`, { method: 'POST', body: JSON.stringify(trackCall()) })

    expect(response.status).toBe(200)
    await expect(response.text()).rejects.toThrow()
    expect(await client.counts()).toMatchObject({ accepted: 1 })
  })

  it('hang until the sender gives up', async () => {
    const { url, client } = await startDevServer()
    await client.faults({ kind: 'hang', times: 1 })

    const call = fetch(`${url}/v1/track`, {
      method: 'POST',
      body: JSON.stringify(trackCall()),
      signal: AbortSignal.timeout(200),
    })

    await expect(call).rejects.toMatchObject({ name: 'TimeoutError' })
    expect(await client.counts()).toMatchObject({ accepted: 0 })
  })

  it('answer garbage', async () => {
    const { url, client } = await startDevServer()
    await client.faults({ kind: 'garbage', times: 1 })

    const response = await fetch(`${url}/v1/track`, { method: 'POST', body: JSON.stringify(trackCall()) })

    expect(response.status).toBe(200)
    await expect(response.json()).rejects.toThrow(SyntaxError)
  })

  it('answer a body of any size', async () => {
    const { url, client } = await startDevServer()
    await client.faults({ kind: 'large', bytes: 3_000_000, times: 1 })

    const response = await fetch(`${url}/v1/track`, { method: 'POST', body: JSON.stringify(trackCall()) })

    const text = await response.text()
    expect(text).toHaveLength(3_000_000)
    expect(JSON.parse(text)).toMatchObject(ok)
  })

  it('strike only the routes they name, and else every tracking route', async () => {
    const { post, get, client } = await startDevServer()
    await client.faults({ kind: 'status', status: 500, routes: ['batch', 'settings'] })
    const track = await post('/v1/track', trackCall())
    const batch = await post('/v1/b', { writeKey: 'dev', batch: [trackCall()] })
    const settings = await get('/v1/projects/dev/settings')
    await client.clearFaults()
    await client.faults({ kind: 'status', status: 502 })

    expect([track.status, batch.status, settings.status]).toEqual([200, 500, 500])
    expect((await post('/v1/track', trackCall())).status).toBe(502)
    expect((await get('/v1/projects/dev/settings')).status).toBe(200)
  })

  it('are listed with how often they struck, and can be removed', async () => {
    const { post, client } = await startDevServer()
    await client.faults({ kind: 'status', status: 500, times: 5 })
    await post('/v1/track', trackCall())

    expect(await client.faults()).toEqual([{ kind: 'status', status: 500, times: 5, struck: 1 }])
    await client.clearFaults()
    expect(await client.faults()).toEqual([])
    expect((await post('/v1/track', trackCall())).status).toBe(200)
  })

  it.each([
    [{ kind: 'explode' }, 'fault.kind'],
    [{ kind: 'status' }, 'fault.status'],
    [{ kind: 'status', status: 999 }, 'fault.status'],
    [{ kind: 'status', status: 429, retryAfter: 'a\r\nb: c' }, 'fault.retryAfter'],
    [{ kind: 'reset', times: 0 }, 'fault.times'],
    [{ kind: 'reset', share: 2 }, 'fault.share'],
    [{ kind: 'latency', ms: -1 }, 'fault.ms'],
    [[{ kind: 'reset' }, { kind: 'reset', routes: ['api'] }], 'script[1].routes'],
    [{ script: [] }, 'script'],
    [{ script: [5] }, 'script[0]'],
    [{ statuses: 500 }, 'fault.statuses'],
    [{ statuses: [] }, 'fault.statuses'],
  ])('are refused when they make no sense: %j', async (script, where) => {
    const { post, client } = await startDevServer()

    const { status, body } = await post('/api/faults', script)

    expect(status).toBe(400)
    expect(body).toMatchObject({ error: { code: 'invalid_fault', where } })
    expect(await client.faults()).toEqual([])
  })
})

describe('a fault script', () => {
  const startBook = (faults: Fault[], chances: number[] = []) => {
    let time = 0
    const book = createFaultBook(
      () => time,
      () => chances.shift() ?? 0,
    )
    book.add(faults)
    return {
      strikeAt(ms: number, route: 'track' | 'token' = 'track') {
        time = ms
        const fault = book.strike(route)
        return fault?.kind === 'status' ? fault.status : fault?.kind
      },
    }
  }

  it('plays spans of time one after the other', () => {
    const { strikeAt } = startBook([
      { kind: 'status', status: 500, forMs: 1_000 },
      { kind: 'status', status: 429, forMs: 500 },
    ])

    expect([strikeAt(0), strikeAt(999), strikeAt(1_000), strikeAt(1_499), strikeAt(1_500)]).toEqual([
      500,
      500,
      429,
      429,
      undefined,
    ])
  })

  it('starts a span when the one before it ended, though nobody asked at that time', () => {
    const { strikeAt } = startBook([
      { kind: 'status', status: 500, forMs: 1_000 },
      { kind: 'status', status: 429, forMs: 500 },
    ])

    expect([strikeAt(0), strikeAt(1_300), strikeAt(1_600)]).toEqual([500, 429, undefined])
  })

  it('starts the clock of a span when the one before it is used up', () => {
    const { strikeAt } = startBook([
      { kind: 'status', status: 500, times: 1 },
      { kind: 'status', status: 429, forMs: 500 },
    ])

    expect([strikeAt(5_000), strikeAt(5_400), strikeAt(5_899), strikeAt(5_901)]).toEqual([
      500,
      429,
      429,
      undefined,
    ])
  })

  it('strikes a share of the requests, and counts only those against its times', () => {
    const { strikeAt } = startBook([{ kind: 'reset', share: 0.5, times: 2 }], [0.1, 0.9, 0.5, 0.49, 0.1])

    expect([1, 2, 3, 4, 5].map((ms) => strikeAt(ms))).toEqual([
      'reset',
      undefined,
      undefined,
      'reset',
      undefined,
    ])
  })

  it('gives each route the first fault that is meant for it', () => {
    const { strikeAt } = startBook([
      { kind: 'reset', times: 1 },
      { kind: 'hang', routes: ['token'], times: 1 },
    ])

    expect([strikeAt(0, 'token'), strikeAt(0, 'token'), strikeAt(0), strikeAt(0)]).toEqual([
      'hang',
      undefined,
      'reset',
      undefined,
    ])
  })
})
