// @vitest-environment node
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { hostClock, type TransportRequest } from '@sluice/core/internal'
import { createFakeClock, settled, transportContract } from '@sluice/testing'
import { describe, expect, it, vi } from 'vitest'
import { createFetchTransport, type FetchConfig } from '../../src/http/fetch-transport'
import { createKeepaliveBudget } from '../../src/http/keepalive-budget'

const transportTo = (base: string) =>
  createFetchTransport({
    base,
    writeKey: 'wk',
    config: {},
    budget: createKeepaliveBudget(),
    clock: hostClock,
    fetch: (url, init) => fetch(url, init),
  })

transportContract('the fetch transport', async () => {
  const received: { body: string; headers: IncomingHttpHeaders }[] = []
  let reply: { status: number; headers?: Record<string, string> } | 'hang' | 'reset' = { status: 200 }
  const server: Server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk) => {
      body += chunk
    })
    request.on('end', () => {
      received.push({ body, headers: request.headers })
      if (reply === 'reset') request.socket.destroy()
      else if (reply !== 'hang') response.writeHead(reply.status, reply.headers).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    transport: transportTo(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
    server: {
      received,
      reply: (next) => {
        reply = next
      },
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
})

function start(
  config: FetchConfig = {},
  limit?: number,
  compress?: (body: string) => Promise<ArrayBuffer | undefined>,
) {
  const calls: { url: string; init: RequestInit }[] = []
  const signals: (AbortSignal | null | undefined)[] = []
  const clock = createFakeClock()
  let answer: (response: Response) => void = () => {}
  const transport = createFetchTransport({
    base: 'https://api.example/v1',
    writeKey: 'wk',
    config,
    compress,
    budget: createKeepaliveBudget(limit),
    clock,
    fetch(url, { signal, ...init }) {
      calls.push({ url, init })
      signals.push(signal)
      return new Promise((resolve) => {
        answer = resolve
      })
    },
  })
  const exchange = (request: Partial<TransportRequest> = {}) =>
    transport.exchange({ body: '{"a":1}', path: '/t', retryCount: 0, isLeaving: false, ...request })
  return {
    calls,
    signals,
    clock,
    exchange,
    answer: (status: number, body: BodyInit | null = null) => {
      const response = new Response(body, { status })
      answer(response)
      return response
    },
  }
}

describe('a compressed request', () => {
  const compress = async (body: string) => new TextEncoder().encode(`small ${body}`).buffer

  it('says so', async () => {
    const { calls, exchange } = start({}, undefined, compress)
    exchange()
    await settled()

    const init = calls[0]?.init
    expect(init?.headers).toHaveProperty('Content-Encoding', 'gzip')
    expect(new TextDecoder().decode(init?.body as ArrayBuffer)).toBe('small {"a":1}')
  })

  it('is sent as it is where the browser cannot compress it', async () => {
    const { calls, exchange } = start({}, undefined, async () => undefined)
    exchange()
    await settled()

    expect(calls[0]?.init.body).toBe('{"a":1}')
    expect(calls[0]?.init.headers).not.toHaveProperty('Content-Encoding')
  })

  it('is not waited for when the page is left', () => {
    const { calls, exchange } = start({}, undefined, compress)
    exchange({ isLeaving: true })

    expect(calls[0]?.init.body).toBe('{"a":1}')
  })
})

describe('an ordinary request', () => {
  it('is what Segment’s library sends', () => {
    const { calls, exchange } = start()
    exchange()

    expect(calls).toEqual([
      {
        url: 'https://api.example/v1/t',
        init: {
          method: 'POST',
          headers: { 'Content-Type': 'text/plain', Authorization: 'Basic d2s6' },
          body: '{"a":1}',
          keepalive: true,
        },
      },
    ])
  })

  it('says how often it was made before, and what the page wants to add', () => {
    const { calls, exchange } = start({
      headers: () => ({ 'X-Mine': '1', 'Content-Type': 'application/json' }),
      credentials: 'include',
      priority: 'high',
    })
    exchange({ retryCount: 2 })

    expect(calls[0]?.init).toMatchObject({
      headers: {
        'Content-Type': 'application/json',
        Authorization: 'Basic d2s6',
        'X-Retry-Count': '2',
        'X-Mine': '1',
      },
      credentials: 'include',
      priority: 'high',
    })
  })

  it('outlives the page, as long as the budget lasts; then it is made all the same', async () => {
    const { calls, exchange, answer } = start({}, 10)
    const first = exchange()
    exchange()
    expect(calls.map(({ init }) => init.keepalive)).toEqual([true, false])

    answer(200)
    await settled()
    expect(first).toBeDefined()
  })

  it('ends with the page if that is wanted', () => {
    const { calls, exchange } = start({ keepalive: false })

    expect(exchange()?.outlivesPage).toBe(false)
    expect(calls.map(({ init }) => init.keepalive)).toEqual([false])
  })

  it('outlives the page from when it is really made', async () => {
    const { exchange } = start({}, undefined, async () => undefined)
    const made = exchange()
    expect(made?.outlivesPage).toBe(false)
    await settled()

    expect(made?.outlivesPage).toBe(true)
  })

  it('ends with the page in a Firefox that knows no others', () => {
    vi.stubGlobal('mozInnerScreenX', 0)
    vi.stubGlobal('Request', class {})
    const { calls, exchange } = start()
    exchange()

    expect(exchange({ isLeaving: true })).toBeUndefined()
    expect(calls.map(({ init }) => init.keepalive)).toEqual([false])
    vi.unstubAllGlobals()
  })

  it('is given up after half a minute', async () => {
    const { clock, exchange, signals } = start()
    const answer = Promise.resolve(exchange()?.answer)
    const failed = expect(answer).rejects.toThrow('The request did not finish within 30000 ms')
    await clock.advance(30_000)

    await failed
    expect([clock.timers, signals[0]?.aborted]).toEqual([0, true])
  })
})

describe('the body of an answer', () => {
  it.each([200, 400, 503])(
    'is read, because the browser counts the request as open until then: %i',
    async (status) => {
      const { clock, exchange, answer, signals } = start()
      const exchanged = exchange()

      const response = answer(status, '{"success":true}')

      expect(await exchanged?.answer).toMatchObject({ status })
      await settled()
      expect([response.bodyUsed, clock.timers, signals[0]?.aborted]).toEqual([true, 0, false])
    },
  )

  it('is given up after half a minute, and the answer holds', async () => {
    const { clock, exchange, answer, signals } = start()
    const exchanged = exchange()
    answer(200, new ReadableStream())

    expect(await exchanged?.answer).toMatchObject({ status: 200 })
    await clock.advance(30_000)

    expect([clock.timers, signals[0]?.aborted]).toEqual([0, true])
  })
})

describe('a request made on leaving', () => {
  it('outlives the page and needs no leave from the server', () => {
    const { calls, exchange } = start({ headers: { 'X-Mine': '1' } })
    exchange({ isLeaving: true, retryCount: 3 })

    expect(calls[0]?.init).toEqual({
      method: 'POST',
      headers: { 'Content-Type': 'text/plain' },
      body: '{"a":1}',
      keepalive: true,
    })
  })

  it('is not made beyond the budget, which counts bytes and is given back with the answer', async () => {
    const { calls, exchange, answer } = start({}, 20)
    const body = '"ééééé"'
    expect(exchange({ isLeaving: true, body })).toBeDefined()
    expect(exchange({ isLeaving: true, body })).toBeUndefined()
    expect(calls).toHaveLength(1)

    answer(200)
    await settled()

    expect(exchange({ isLeaving: true, body })).toBeDefined()
  })
})
