import { describe, expect, it } from 'vitest'
import { findJsonFault } from '../src/http/find-json-fault'
import { rawBytes } from './helpers/raw-request'
import { ok, startDevServer, trackCall } from './helpers/start-dev-server'

describe('JSON that is not JSON', () => {
  it('is refused with 400, naming what is wrong and where', async () => {
    const { post, client } = await startDevServer()

    const { status, body } = await post('/v1/track', '{\n  "event": "A",\n  "userId": u1\n}')

    expect(status).toBe(400)
    expect(body).toEqual({
      success: false,
      error: {
        code: 'malformed_json',
        message: 'The body is not JSON: line 3, column 13 should be value, but is "u1\\n}"',
        where: 'body',
        offset: 30,
        line: 3,
        column: 13,
      },
    })
    expect(await client.counts()).toMatchObject({ refused: { malformed: 1 } })
  })

  it.each([
    ['{a', 1, 'key or }'],
    ['{"a" 1}', 5, ':'],
    ['{"a":1 "b":2}', 7, ', or }'],
    ['{"a":1,}', 7, 'key'],
    ['[1,]', 3, 'value'],
    ['[1 2]', 3, ', or ]'],
    ['[1}', 2, ', or ]'],
    ['{"a":[}', 6, 'value or ]'],
    ['[1] x', 4, 'the end'],
    ['{"a":1', 6, ', or }'],
    ['01', 0, 'value'],
    ['1.', 0, 'value'],
    ['+1', 0, 'value'],
    ['nul', 0, 'value'],
    ['NaN', 0, 'value'],
    ["{'a':1}", 1, 'key or }'],
    ['"abc', 4, 'the closing quote of a string'],
    ['"a\nb"', 2, 'an escaped control character'],
    ['"a\\x"', 2, 'an escape that JSON knows'],
    ['"\\u12"', 1, 'an escape that JSON knows'],
  ])('is found at its fault: %j', (text, offset, expected) => {
    expect(() => JSON.parse(text)).toThrow()
    expect(findJsonFault(text)).toEqual({ offset, expected })
  })

  it('is found at its end, however deep and long it is', () => {
    const depth = 400_000

    expect(findJsonFault('['.repeat(depth))).toEqual({ offset: depth, expected: 'value or ]' })
    expect(findJsonFault(`"${'x'.repeat(depth)}`).offset).toBe(depth + 1)
  })

  it.each([
    ['', 'malformed_json'],
    ['   ', 'malformed_json'],
    ['5', 'body_not_object'],
    ['null', 'body_not_object'],
    ['[]', 'body_not_object'],
    ['{"writeKey":"dev"}', 'batch_missing'],
    ['{"writeKey":"dev","batch":{}}', 'batch_missing'],
    ['{"writeKey":"dev","batch":[],"context":5}', 'field_not_object'],
  ])('as a batch, %j is refused', async (body, code) => {
    const { post } = await startDevServer()

    const answer = await post('/v1/batch', body)

    expect(answer.status).toBe(400)
    expect(answer.body).toMatchObject({ success: false, error: { code, where: expect.any(String) } })
  })

  it('may begin with a byte order mark when it is JSON otherwise', async () => {
    const { post } = await startDevServer()

    expect((await post('/v1/track', `\uFEFF${JSON.stringify(trackCall())}`)).body).toEqual(ok)
  })

  it.each([
    '/v1/pixel/track',
    '/v1/pixel/track?data=',
    '/v1/pixel/track?data=%%%',
    '/v1/pixel/page?data=a&data=b',
    '/v1/pixel/page?data=bm8=',
  ])('is refused by the pixel: %s', async (path) => {
    const { get } = await startDevServer()

    expect((await get(path)).status).toBe(400)
  })
})

describe('hostile input', () => {
  it('never makes the server fail or hang, whatever is broken in a good body', async () => {
    const { post, client } = await startDevServer()
    const random = createRandom(20_261_121)
    const paths = [
      '/v1/track',
      '/v1/t',
      '/v1/batch',
      '/v1/b',
      '/v1/import',
      '/v1/group',
      '/v1/a',
      '/v1/m',
      '/token',
      '/api/faults',
      '/api/wait',
    ]
    const good = JSON.stringify({
      writeKey: 'dev',
      type: 'track',
      event: 'A',
      userId: 'u',
      timeoutMs: 0,
      context: { a: [1, { b: null }] },
      batch: [trackCall({ timestamp: '2026-01-01T00:00:00Z' }), { type: 'alias' }, 5],
      sentAt: '2026-01-01T00:00:00Z',
      series: [],
    })

    const seen = new Set<number>()
    for (let round = 0; round < 1_500; round += 1) {
      const path = paths[Math.floor(random() * paths.length)] ?? '/v1/track'
      const { status, body } = await post(path, mutate(good, random), {
        'x-strict-mode': random() < 0.3 ? '1' : '0',
      })
      seen.add(status)
      expect(status, `${path} ${JSON.stringify(body)}`).toBeLessThan(500)
      if (path === '/api/faults') await client.clearFaults()
    }

    expect([...seen].sort()).toEqual(expect.arrayContaining([200, 400]))
    expect((await post('/v1/track', trackCall())).status).toBe(200)
  })

  it('gets an answer below 500 when it is not HTTP, or a URL that is none', async () => {
    const { dev, get, post } = await startDevServer()
    const host = `Host: 127.0.0.1:${dev.port}`

    expect(await rawBytes(dev.port, 'HELLO\r\n\r\n')).toMatch(
      /^HTTP\/1.1 400 [\s\S]*"code":"request_not_usable"/,
    )
    expect(
      await rawBytes(dev.port, `POST /v1/track HTTP/1.1\r\n${host}\r\nContent-Length: -5\r\n\r\n`),
    ).toMatch(/^HTTP\/1.1 400 /)
    expect(await rawBytes(dev.port, `GET /${'x'.repeat(20_000)} HTTP/1.1\r\n${host}\r\n\r\n`)).toMatch(
      /^HTTP\/1.1 431 /,
    )
    expect(
      await rawBytes(
        dev.port,
        `POST /v1/track HTTP/1.1\r\n${host}\r\nContent-Type: ;;/x\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}`,
      ),
    ).toMatch(/^HTTP\/1.1 4\d\d /)
    expect(await get('/v1/%zz')).toMatchObject({
      status: 400,
      body: { success: false, error: { code: 'request_not_usable' } },
    })
    expect((await get('/api/events/%00')).status).toBe(404)
    expect((await post('/v1/track', trackCall())).status).toBe(200)
  })

  it('does not keep a server busy when a body ends before its announced length', async () => {
    const { dev, client, post } = await startDevServer()
    const arrived = client.waitFor({ event: 'After' })

    const partial = `POST /v1/track HTTP/1.1\r\nHost: 127.0.0.1:${dev.port}\r\nContent-Length: 500\r\n\r\n{"event":`
    await rawBytes(dev.port, partial).catch(() => '')

    await post('/v1/track', trackCall({ event: 'After' }))
    expect(await arrived).toHaveLength(1)
    expect(await client.counts()).toMatchObject({ accepted: 1 })
  })
})

/** A small seeded generator: a fuzz run that fails must fail again. */
function createRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

const spice = [
  '"',
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '\\',
  '\u0000',
  '\ud800',
  'null',
  '-1e999',
  '1e400',
  'true',
  '""',
  '{}',
  '[[[[',
  '\n',
]

function mutate(text: string, random: () => number): string {
  let result = text
  const changes = Math.floor(random() * 4)
  for (let change = 0; change < changes; change += 1) {
    const at = Math.floor(random() * result.length)
    const length = Math.floor(random() * 12)
    const added = random() < 0.3 ? '' : (spice[Math.floor(random() * spice.length)] ?? '')
    // Half of the changes replace a whole value, so that many bodies stay JSON and reach the checks behind the parser.
    const value = /"(?:[^"\\])*"(?=[,}\]])|\d+(?=[,}\]])/g
    value.lastIndex = at
    const found = random() < 0.5 ? value.exec(result) : null
    const [start, end] = found === null ? [at, at + length] : [found.index, found.index + found[0].length]
    result = result.slice(0, start) + added + result.slice(end)
  }
  return result
}
