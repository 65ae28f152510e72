import { getEventListeners } from 'node:events'
import { hostClock } from '@sluice/core/internal'
import { transportContract } from '@sluice/testing'
import axios from 'axios'
import { afterEach, describe, expect, it, vi } from 'vitest'
import {
  Analytics,
  FetchHTTPClient,
  type HTTPCall,
  type HTTPClient,
  type HTTPClientRequest,
  type HTTPFetchFn,
  type HTTPFetchRequest,
  type HTTPResponse,
  NodeHTTPClient,
  ValidationError,
} from '../src'
import { basicAuthorization } from '../src/http/authorization'
import { GzipHTTPClient } from '../src/http/fetch-http-client'
import { createHTTPTransport } from '../src/http/http-transport'
import { leaveNothingBehind, until } from './support/leave-nothing'
import {
  type Behavior,
  closeServers,
  type LocalServer,
  startRawServer,
  startServer,
} from './support/local-server'
import { bothDelivered, bothFailed, sendTwoEvents } from './support/send-two-events'

leaveNothingBehind()

afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

const ok: HTTPResponse = { status: 200, statusText: 'OK' }

const jsonHeaders = { 'Content-Type': 'application/json', 'X-Test': '1' }

function requestTo(url: string, more: Partial<HTTPClientRequest> = {}): HTTPClientRequest {
  return {
    url,
    method: 'POST',
    headers: jsonHeaders,
    body: '{"é":1}',
    httpRequestTimeout: 5_000,
    ...more,
  }
}

function axiosClient(): HTTPClient {
  return {
    makeRequest: ({ url, method, body: data, headers }) =>
      axios({ url, method, data, headers, validateStatus: () => true }),
  }
}

/** Sends hundreds of kilobytes for as long as somebody listens. */
const endless: Behavior = (response) => {
  const chunk = Buffer.alloc(256 * 1024, 'x')
  const more = () => {
    while (!response.destroyed && response.write(chunk));
  }
  response.on('drain', more)
  more()
}

const hang: Behavior = () => {}
const reset: Behavior = (response) => response.socket?.resetAndDestroy()
const breakOff: Behavior = (response) => {
  response.writeHead(200, { 'Content-Length': 1_000 })
  response.write('half of', () => response.destroy())
}

/**
 * Whether the client still holds the connection of its first request. (The fetch of Node opens another one at once when
 * a request is given up, just in case.)
 */
function isHeard({ requests: [first] }: LocalServer): boolean {
  return first?.isConnected() ?? false
}

const clients: [string, () => HTTPClient][] = [
  ['FetchHTTPClient', () => new FetchHTTPClient()],
  ['GzipHTTPClient', () => new GzipHTTPClient()],
  ['NodeHTTPClient', () => new NodeHTTPClient()],
  ['NodeHTTPClient with gzip', () => new NodeHTTPClient({ gzip: true })],
]

describe.each(clients)('%s', (name, create) => {
  const isCompressed = /gzip/i.test(name)

  it('sends the request as it is and answers with status, headers and text', async () => {
    const server = await startServer((response) => {
      response.writeHead(429, 'Slow Down', { 'Retry-After': '7' })
      response.end('later')
    })
    const response = await create().makeRequest(requestTo(`${server.url}/v1/batch`))

    expect(server.requests).toMatchObject([
      { method: 'POST', path: '/v1/batch', headers: { 'x-test': '1' }, body: '{"é":1}' },
    ])
    expect(server.requests[0]?.headers['content-encoding']).toBe(isCompressed ? 'gzip' : undefined)
    expect(response.status).toBe(429)
    expect(response.statusText).toBe('Slow Down')
    expect(await response.text?.()).toBe('later')
  })

  it('does not compress the form that an authorisation server gets', async () => {
    const server = await startServer()
    const headers = { 'Content-Type': 'application/x-www-form-urlencoded' }
    await create().makeRequest(requestTo(server.url, { headers, body: 'scope=x' }))

    expect(server.requests).toMatchObject([{ body: 'scope=x' }])
    expect(server.requests[0]?.headers).not.toHaveProperty('content-encoding')
  })

  it('sends nothing when the time limit is 0', async () => {
    const server = await startServer()

    await expect(create().makeRequest(requestTo(server.url, { httpRequestTimeout: 0 }))).rejects.toThrow()

    expect(server.requests).toEqual([])
  })

  it('gives up when there is no answer within the time limit, and closes the connection', async () => {
    const server = await startServer(hang)

    await expect(create().makeRequest(requestTo(server.url, { httpRequestTimeout: 100 }))).rejects.toThrow()
    await until(() => !isHeard(server))

    expect(server.requests).toHaveLength(1)
    expect(isHeard(server)).toBe(false)
  })

  it('waits for months if it may', async () => {
    const server = await startServer()

    await expect(
      create().makeRequest(requestTo(server.url, { httpRequestTimeout: Number.POSITIVE_INFINITY })),
    ).resolves.toMatchObject({ status: 200 })
  })

  it('gives up when its signal fires, and closes the connection', async () => {
    const server = await startServer(hang)
    const controller = new AbortController()
    const answer = create().makeRequest(requestTo(server.url), { signal: controller.signal })
    answer.catch(() => {})
    await until(() => server.requests.length === 1)
    controller.abort()

    await expect(answer).rejects.toThrow(/aborted/)
    await until(() => !isHeard(server))

    expect(isHeard(server)).toBe(false)
  })

  it('sends nothing when its signal has fired before', async () => {
    const server = await startServer()
    const call = { signal: AbortSignal.abort() }

    await expect(create().makeRequest(requestTo(server.url), call)).rejects.toThrow(/aborted/)

    expect(server.requests).toEqual([])
  })

  it('rejects when the connection is reset, refused, or speaks no HTTP', async () => {
    const resetting = await startServer(reset)
    const refusing = await startServer()
    await refusing.close()
    const raving = await startRawServer((socket) => socket.end('220 mail.example.com ESMTP\r\n'))

    for (const { url } of [resetting, refusing, raving]) {
      await expect(create().makeRequest(requestTo(url))).rejects.toThrow()
    }

    expect(resetting.requests).toHaveLength(1)
  })
})

describe('FetchHTTPClient', () => {
  it('looks up the global fetch at each request', async () => {
    const client = new FetchHTTPClient()
    const first = vi.fn(async () => ({ ...ok, statusText: 'first' }))
    const second = vi.fn(async () => ({ ...ok, statusText: 'second' }))
    vi.stubGlobal('fetch', first)
    const one = await client.makeRequest(requestTo('http://a.example'))
    vi.stubGlobal('fetch', second)
    const two = await client.makeRequest(requestTo('http://a.example'))

    expect([one.statusText, two.statusText]).toEqual(['first', 'second'])
  })

  it('says what to do where there is no global fetch', async () => {
    vi.stubGlobal('fetch', undefined)
    const answers = [new FetchHTTPClient(), new GzipHTTPClient()].map((client) =>
      client.makeRequest(requestTo('http://a.example')),
    )

    for (const answer of answers) await expect(answer).rejects.toThrow('There is no global fetch here')
  })

  it('hands a fetch function the url, and exactly what fetch takes', async () => {
    const calls: [string, HTTPFetchRequest][] = []
    const client = new FetchHTTPClient(async (url, init) => {
      calls.push([url, init])
      return ok
    })

    expect(await client.makeRequest(requestTo('http://a.example'))).toBe(ok)
    expect(calls).toEqual([
      [
        'http://a.example',
        {
          method: 'POST',
          headers: jsonHeaders,
          body: '{"é":1}',
          signal: expect.any(AbortSignal),
          redirect: 'manual',
        },
      ],
    ])
  })

  it('tells a fetch function from the start that there is no time at all', async () => {
    const signals: boolean[] = []
    const client = new FetchHTTPClient(async (_, { signal }) => {
      signals.push(signal.aborted)
      return ok
    })
    await client.makeRequest(requestTo('http://a.example', { httpRequestTimeout: 0 }))

    expect(signals).toEqual([true])
  })

  it('tells a fetch function when the time is up, and leaves no timer once it has answered', async () => {
    vi.useFakeTimers()
    let signal: AbortSignal | undefined
    let answer = (_response: HTTPResponse) => {}
    const client = new FetchHTTPClient((_, init) => {
      signal = init.signal
      return new Promise((resolve) => {
        answer = resolve
      })
    })
    const response = client.makeRequest(requestTo('http://a.example', { httpRequestTimeout: 300 }))
    await vi.advanceTimersByTimeAsync(299)
    const firedEarly = signal?.aborted
    await vi.advanceTimersByTimeAsync(1)
    // The turn of the event loop in which the answer might have been found.
    await vi.advanceTimersByTimeAsync(1)
    answer(ok)
    await response

    expect([firedEarly, signal?.aborted]).toEqual([false, true])
    expect(vi.getTimerCount()).toBe(0)
  })

  it('leaves no timer when the fetch function throws', async () => {
    vi.useFakeTimers()
    const client = new FetchHTTPClient(() => {
      throw new Error('no network today')
    })

    await expect(client.makeRequest(requestTo('http://a.example'))).rejects.toThrow('no network today')

    expect(vi.getTimerCount()).toBe(0)
  })

  it('can still cut off a body when its signal fires', async () => {
    const server = await startServer((response) => {
      response.write('the beginning')
    })
    const controller = new AbortController()
    const response = await new FetchHTTPClient().makeRequest(requestTo(server.url), {
      signal: controller.signal,
    })
    const text = response.text?.()
    text?.catch(() => {})
    controller.abort()

    await expect(text).rejects.toThrow(/aborted/)
  })
})

describe('NodeHTTPClient', () => {
  it('uses one connection again and again', async () => {
    const server = await startServer((response) => response.end('x'.repeat(300_000)))
    const client = new NodeHTTPClient()
    for (let count = 0; count < 20; count++) await client.makeRequest(requestTo(server.url))

    expect(server.requests).toHaveLength(20)
    expect(server.opened()).toBe(1)
  })

  it('opens no more connections than it may', async () => {
    const server = await startServer()
    const client = new NodeHTTPClient({ maxSockets: 1 })
    await Promise.all([1, 2, 3].map(() => client.makeRequest(requestTo(server.url))))

    expect(server.requests).toHaveLength(3)
    expect(server.opened()).toBe(1)
  })

  it('closes a connection that nobody used for a while', async () => {
    const server = await startServer()
    await new NodeHTTPClient({ keepAliveMsecs: 30 }).makeRequest(requestTo(server.url))
    await until(() => server.open() === 0)

    expect(server.open()).toBe(0)
  })

  it('does not take a slow answer for an unused connection', async () => {
    const server = await startServer((response) => {
      setTimeout(() => response.end('at last'), 200)
    })
    const response = await new NodeHTTPClient({ keepAliveMsecs: 30 }).makeRequest(requestTo(server.url))

    expect(await response.text?.()).toBe('at last')
  })

  it('closes its connections when it is told to', async () => {
    const server = await startServer()
    const client = new NodeHTTPClient()
    await client.makeRequest(requestTo(server.url))
    const openBefore = server.open()
    client.close()
    await until(() => server.open() === 0)

    expect([openBefore, server.open()]).toEqual([1, 0])
  })

  it('takes a new connection when the server had just closed the one of the pool', async () => {
    const server = await startServer((response, _, count) => {
      if (count === 2) response.destroy()
      else response.end()
    })
    const client = new NodeHTTPClient()
    await client.makeRequest(requestTo(server.url))
    const second = await client.makeRequest(requestTo(server.url))

    expect(second.status).toBe(200)
    expect(server.requests).toHaveLength(3)
    expect(server.opened()).toBe(2)
  })

  it('tries that once, and a new connection that breaks not at all', async () => {
    const server = await startServer((response, _, count) => {
      if (count > 1) response.destroy()
      else response.end()
    })
    const client = new NodeHTTPClient()
    await client.makeRequest(requestTo(server.url))
    await expect(client.makeRequest(requestTo(server.url))).rejects.toThrow('socket hang up')
    const afterPool = server.requests.length
    await expect(client.makeRequest(requestTo(server.url))).rejects.toThrow('socket hang up')

    expect([afterPool, server.requests.length]).toEqual([3, 4])
  })

  it('keeps the first 64 KiB of an answer and reads on to its end', async () => {
    const server = await startServer((response) => response.end('x'.repeat(3_000_000)))
    const client = new NodeHTTPClient()
    const response = await client.makeRequest(requestTo(server.url))
    await client.makeRequest(requestTo(server.url))

    expect(await response.text?.()).toBe('x'.repeat(65_536))
    expect(server.opened()).toBe(1)
  })

  it('reads no more than some megabytes of an answer without end', async () => {
    const server = await startServer(endless)
    const response = await new NodeHTTPClient().makeRequest(
      requestTo(server.url, { httpRequestTimeout: 60_000 }),
    )
    await until(() => server.open() === 0)

    expect(response.status).toBe(200)
    expect(server.open()).toBe(0)
  })

  it('answers with the status of an answer that breaks off or takes too long', async () => {
    const breaking = await startServer(breakOff)
    const trickling = await startServer((response) => {
      response.write('the beginning')
    })
    const client = new NodeHTTPClient()
    const broken = await client.makeRequest(requestTo(breaking.url))
    const slow = await client.makeRequest(requestTo(trickling.url, { httpRequestTimeout: 200 }))

    expect([broken.status, await broken.text?.()]).toEqual([200, 'half of'])
    expect([slow.status, await slow.text?.()]).toEqual([200, 'the beginning'])
  })

  it('lets go of the signal when the request is over', async () => {
    const server = await startServer()
    const { signal } = new AbortController()
    await new NodeHTTPClient().makeRequest(requestTo(server.url), { signal })
    await until(() => getEventListeners(signal, 'abort').length === 0)

    expect(getEventListeners(signal, 'abort')).toEqual([])
  })

  it('speaks TLS to an https URL', async () => {
    let firstByte: number | undefined
    const server = await startRawServer((socket) => {
      socket.once('data', (chunk: Buffer) => {
        firstByte = chunk[0]
        socket.destroy()
      })
    })
    const url = server.url.replace('http:', 'https:')

    await expect(new NodeHTTPClient().makeRequest(requestTo(url))).rejects.toThrow()

    // The beginning of a TLS handshake.
    expect(firstByte).toBe(0x16)
  })
})

for (const [name, create] of clients) {
  transportContract(`HTTP transport over ${name}`, async () => {
    let reply: Parameters<LocalServerControl['reply']>[0] = { status: 200 }
    const server = await startServer((response, request, count) => {
      if (reply === 'hang') hang(response, request, count)
      else if (reply === 'reset') reset(response, request, count)
      else response.writeHead(reply.status, reply.headers).end()
    })
    const transport = createHTTPTransport({
      url: server.url,
      client: create(),
      authorization: basicAuthorization('key'),
      timeout: 5_000,
      clock: hostClock,
      onRequest() {},
      onResponse() {},
    })
    const control: LocalServerControl = {
      received: server.requests,
      reply(next) {
        reply = next
      },
    }
    return { transport, server: control, close: closeServers }
  })
}

interface LocalServerControl {
  readonly received: { body: string }[]
  reply(reply: { status: number; headers?: Record<string, string> } | 'hang' | 'reset'): void
}

describe('given an HTTP client of one’s own', () => {
  class LabellingClient extends FetchHTTPClient {
    override makeRequest(options: HTTPClientRequest, call?: HTTPCall) {
      return super.makeRequest({ ...options, headers: { ...options.headers, 'X-Label': 'mine' } }, call)
    }
  }
  const fetchFn: HTTPFetchFn = (url, init) => fetch(url, init)

  it.each<[string, () => HTTPClient | HTTPFetchFn]>([
    ['a function like fetch', () => fetchFn],
    ['the global fetch', () => fetch],
    ['an instance of FetchHTTPClient', () => new FetchHTTPClient()],
    ['an instance of it with a fetch function', () => new FetchHTTPClient(fetchFn)],
    ['an instance of a class derived from it', () => new LabellingClient()],
    ['an instance of NodeHTTPClient', () => new NodeHTTPClient()],
    ['an object that uses axios', axiosClient],
  ])('delivers through %s', async (_, create) => {
    const server = await startServer((response) => {
      response.writeHead(200, 'Fine', { 'X-Answer': 'yes' }).end('{"success":true}')
    })
    const ending = await sendTwoEvents({ host: server.url, httpClient: create() })
    const [request] = server.requests

    expect(ending).toMatchObject(bothDelivered)
    expect(ending.responses).toMatchObject([
      { status: 200, statusText: 'Fine', url: `${server.url}/v1/batch`, headers: { 'x-answer': 'yes' } },
    ])
    expect(server.requests).toHaveLength(1)
    expect(request?.headers).toMatchObject({
      'content-type': 'application/json',
      authorization: `Basic ${Buffer.from('key:').toString('base64')}`,
    })
    expect(JSON.parse(request?.body ?? '')).toMatchObject({
      batch: [{ event: 'One' }, { event: 'Two' }],
      writeKey: 'key',
    })
  })

  it('lets a derived class change the request', async () => {
    const server = await startServer()
    await sendTwoEvents({ host: server.url, httpClient: new LabellingClient() })

    expect(server.requests[0]?.headers['x-label']).toBe('mine')
  })

  it('hands it the request, the time limit and a signal', async () => {
    const calls: [HTTPClientRequest, HTTPCall | undefined][] = []
    await sendTwoEvents({
      host: 'http://a.example',
      httpRequestTimeout: 1_234,
      httpClient: {
        async makeRequest(options, call) {
          calls.push([options, call])
          return ok
        },
      },
    })

    expect(calls).toEqual([
      [
        {
          url: 'http://a.example/v1/batch',
          method: 'POST',
          headers: {
            'Content-Type': 'application/json',
            'User-Agent': expect.stringMatching(/^sluice-node\/\d/),
            Authorization: 'Basic a2V5Og==',
          },
          body: expect.stringContaining('"One"'),
          httpRequestTimeout: 1_234,
        },
        { signal: expect.any(AbortSignal) },
      ],
    ])
  })

  it('looks up makeRequest at each request, so that it can be replaced', async () => {
    const client = new FetchHTTPClient()
    const analytics = new Analytics({ writeKey: 'key', httpClient: client })
    const replaced = vi.spyOn(client, 'makeRequest').mockResolvedValue(ok)
    analytics.track({ userId: 'u', event: 'One' })
    await analytics.closeAndFlush()

    expect(replaced).toHaveBeenCalledTimes(1)
  })

  it.each<[string, unknown, string]>([
    ['a class', FetchHTTPClient, 'httpClient is a class; pass an instance of it'],
    [
      'an object without makeRequest',
      { request: fetch },
      'httpClient is neither a function like fetch nor an object with a makeRequest method',
    ],
    [
      'a string',
      'fetch',
      'httpClient is neither a function like fetch nor an object with a makeRequest method',
    ],
  ])('refuses %s', (_, httpClient, message) => {
    const construct = () => new Analytics({ writeKey: 'key', httpClient: httpClient as HTTPClient })

    expect(construct).toThrow(ValidationError)
    expect(construct).toThrow(message)
  })
})

describe('given an HTTP client that gives no answer', () => {
  const withoutStatus = 'The httpClient answered without a status'
  const answering = (answer: unknown) => () => Promise.resolve(answer) as Promise<HTTPResponse>

  it.each<[string, HTTPClient['makeRequest'], string]>([
    [
      'throws',
      () => {
        throw new Error('thrown')
      },
      'thrown',
    ],
    ['rejects', () => Promise.reject(new Error('rejected')), 'rejected'],
    ['rejects with no Error', () => Promise.reject('just text'), 'just text'],
    ['answers undefined', answering(undefined), withoutStatus],
    ['answers null', answering(null), withoutStatus],
    ['answers {}', answering({}), withoutStatus],
    ['answers a number', answering(200), withoutStatus],
    ['answers a status that is text', answering({ status: '200', statusText: 'OK' }), withoutStatus],
    ['answers no promise', (() => undefined) as unknown as HTTPClient['makeRequest'], withoutStatus],
    ['answers a status that is none', answering({ status: Number.NaN, statusText: 'Odd' }), withoutStatus],
  ])('tells once of each event that it failed: it %s', async (_, makeRequest, reason) => {
    const calls = vi.fn(makeRequest)
    const ending = await sendTwoEvents({ httpClient: { makeRequest: calls } })

    expect(ending).toEqual({ ...bothFailed(reason), responses: [] })
    expect(calls).toHaveBeenCalledTimes(1)
  })

  it('gives up one that hangs, a second after the time limit that it does not heed', async () => {
    let signal: AbortSignal | undefined
    const start = performance.now()
    const ending = await sendTwoEvents({
      httpRequestTimeout: 20,
      httpClient: {
        makeRequest(_, call) {
          signal = call?.signal
          return new Promise(() => {})
        },
      },
    })

    expect(ending).toMatchObject(bothFailed('httpClient did not finish within 1020 ms'))
    expect(signal?.aborted).toBe(true)
    expect(performance.now() - start).toBeGreaterThan(1_000)
  })

  it('does not mind that it answers after it was given up', async () => {
    const late: Promise<unknown>[] = []
    const ending = await sendTwoEvents({
      httpRequestTimeout: 20,
      httpClient: {
        makeRequest(_, call) {
          const answer = new Promise<HTTPResponse>((_resolve, reject) => {
            call?.signal.addEventListener('abort', () => setImmediate(() => reject(new Error('late'))))
          })
          late.push(answer.catch(() => {}))
          return answer
        },
      },
    })
    await Promise.all(late)

    expect(ending).toMatchObject(bothFailed('httpClient did not finish within 1020 ms'))
  })

  it('tries again, and delivers each event once', async () => {
    vi.useFakeTimers()
    const answers: (() => Promise<HTTPResponse>)[] = [
      () => {
        throw new Error('thrown')
      },
      () => Promise.reject(new Error('rejected')),
      answering(undefined),
      answering({ status: 503, statusText: 'Busy' }),
      answering(ok),
    ]
    const retryCounts: (string | undefined)[] = []
    const sending = sendTwoEvents({
      maxRetries: 10,
      httpClient: {
        makeRequest({ headers }) {
          retryCounts.push(headers['X-Retry-Count'])
          return (answers.shift() ?? answering(ok))()
        },
      },
    })
    await vi.advanceTimersByTimeAsync(70_000)

    expect(await sending).toMatchObject(bothDelivered)
    expect(retryCounts).toEqual([undefined, '1', '2', '3', '4'])
  })

  it('fails what is left when the client is closed and its time is up, and lets go of the connection', async () => {
    const server = await startServer(hang)
    const analytics = new Analytics({ writeKey: 'key', host: server.url, flushAt: 1 })
    const failed: unknown[] = []
    analytics.on('error', ({ reason }) => failed.push(reason))
    analytics.track({ userId: 'u', event: 'One' })
    await until(() => server.requests.length === 1)
    await analytics.closeAndFlush({ timeout: 20 })
    const failedAtClose = failed.length
    await until(() => !isHeard(server))

    expect(failed).toEqual([new Error('Flush timeout')])
    expect(failedAtClose).toBe(1)
    expect(isHeard(server)).toBe(false)
  })
})

describe('given an HTTP client that listens to nothing', () => {
  it('leaves no timer when the client is closed and its time is up', async () => {
    vi.useFakeTimers()
    const requests = vi.fn(() => new Promise<HTTPResponse>(() => {}))
    const analytics = new Analytics({ writeKey: 'key', flushAt: 1, httpClient: { makeRequest: requests } })
    const failed: unknown[] = []
    analytics.on('error', ({ reason }) => failed.push(reason))
    analytics.track({ userId: 'u', event: 'One' })
    const closed = analytics.closeAndFlush({ timeout: 20 })
    await vi.advanceTimersByTimeAsync(20)
    await closed

    expect(requests).toHaveBeenCalledTimes(1)
    expect(failed).toEqual([new Error('Flush timeout')])
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('given an HTTP client whose answer is odd beyond its status', () => {
  const odd: [string, object][] = [
    ['no headers and no text', {}],
    ['headers that are null', { headers: null }],
    ['headers that are text', { headers: 'Retry-After: 1' }],
    [
      'headers that throw',
      {
        headers: {
          entries() {
            throw new Error('no entries')
          },
        },
      },
    ],
    ['headers that are a map of numbers', { headers: new Map([[1, 2]]) }],
    ['a header that cannot be text', { headers: { odd: Object.create(null) } }],
    [
      'a text that throws',
      {
        text() {
          throw new Error('no text')
        },
      },
    ],
    ['a text that rejects', { text: () => Promise.reject(new Error('no text')) }],
    ['a text that is a number', { text: () => Promise.resolve(7) }],
    ['a body that was read before', { body: { locked: true, getReader() {} } }],
    [
      'a body in pieces of text',
      { body: new ReadableStream({ start: (controller) => controller.enqueue('text') }) },
    ],
    [
      'a body that fails',
      { body: new ReadableStream({ start: (controller) => controller.error(new Error('no')) }) },
    ],
  ]

  it.each(odd)('goes by its status: %s', async (_, parts) => {
    const calls = vi.fn(async () => ({ ...ok, ...parts }) as HTTPResponse)
    const ending = await sendTwoEvents({ httpClient: { makeRequest: calls } })

    expect(ending).toMatchObject(bothDelivered)
    expect(ending.responses).toHaveLength(1)
    expect(calls).toHaveBeenCalledTimes(1)
  })

  it('goes by its status when the headers cannot even be asked for', async () => {
    const response = {
      ...ok,
      get headers(): never {
        throw new Error('no headers')
      },
    }
    const ending = await sendTwoEvents({ httpClient: { makeRequest: async () => response } })

    expect(ending).toMatchObject(bothDelivered)
  })

  it.each<[string, unknown]>([
    ['none', undefined],
    ['a symbol', Symbol('OK')],
    ['an object that has no text', Object.create(null)],
  ])('names the status alone when the text of it is no text: %s', async (_, statusText) => {
    const response = { status: 400, statusText } as HTTPResponse
    const ending = await sendTwoEvents({ httpClient: { makeRequest: async () => response } })

    expect(ending).toMatchObject(bothFailed('[400]'))
  })

  it('waits for a text that never comes no longer than for an answer', async () => {
    const response = { ...ok, text: () => new Promise<string>(() => {}) }
    const ending = await sendTwoEvents({
      httpRequestTimeout: 20,
      httpClient: { makeRequest: async () => response },
    })

    expect(ending).toMatchObject(bothDelivered)
    expect(ending.responses[0]).not.toHaveProperty('responseBody')
  })

  it('reads headers of any shape and case', async () => {
    const shapes = [
      { 'X-One': 'a', two: 2, none: undefined },
      new Headers({ 'X-One': 'a', two: '2' }),
      new Map<string, unknown>([
        ['X-One', 'a'],
        ['two', 2],
      ]),
    ]
    const endings = await Promise.all(
      shapes.map((headers) =>
        sendTwoEvents({ httpClient: async () => ({ ...ok, headers }) as unknown as HTTPResponse }),
      ),
    )

    expect(endings.map(({ responses }) => responses[0]?.headers)).toEqual(
      shapes.map(() => ({ 'x-one': 'a', two: '2' })),
    )
  })
})

describe.each<[string, Partial<Parameters<typeof sendTwoEvents>[0]>]>([
  ['the default client', {}],
  ['gzip', { gzip: true }],
  ['NodeHTTPClient', { httpClient: new NodeHTTPClient() }],
])('given a server in trouble, and %s', (name, settings) => {
  const isNode = name === 'NodeHTTPClient'
  const trouble = (server: LocalServer, more = {}) =>
    sendTwoEvents({ host: server.url, httpRequestTimeout: 5_000, ...settings, ...more })

  it('fails when the server talks nonsense', async () => {
    const server = await startRawServer((socket) => {
      socket.once('data', () => socket.end('What do you want?\r\n\r\n'))
    })

    expect(await trouble(server)).toMatchObject(
      bothFailed(isNode ? expect.stringMatching(/^Parse Error/) : 'fetch failed'),
    )
    expect(server.opened()).toBe(1)
  })

  it('fails when the server hangs', async () => {
    const server = await startServer(hang)

    expect(await trouble(server, { httpRequestTimeout: 50 })).toEqual({
      ...bothFailed(isNode ? 'No answer within 50 ms' : 'This operation was aborted'),
      responses: [],
    })
    expect(server.requests).toHaveLength(1)
  })

  it('fails when the server resets the connection', async () => {
    const server = await startServer(reset)

    expect(await trouble(server)).toEqual({
      ...bothFailed(isNode ? expect.stringMatching(/ECONNRESET|socket hang up/) : 'fetch failed'),
      responses: [],
    })
    expect(server.requests).toHaveLength(1)
  })

  it('fails when the answer breaks off in its headers', async () => {
    const server = await startRawServer((socket) => {
      socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Le'))
    })

    expect(await trouble(server)).toMatchObject(bothFailed(expect.any(String)))
    expect(server.opened()).toBe(1)
  })

  it('fails when the server refuses the events', async () => {
    const server = await startServer((response) => {
      response.writeHead(400, 'Bad Request').end('{"error":"no"}')
    })
    const ending = await trouble(server)

    expect(ending).toMatchObject(bothFailed('[400] Bad Request'))
    expect(ending.responses).toMatchObject([{ status: 400, responseBody: '{"error":"no"}' }])
  })

  it('has delivered when the answer breaks off in its body', async () => {
    const server = await startServer(breakOff)

    expect(await trouble(server)).toMatchObject(bothDelivered)
    expect(server.requests).toHaveLength(1)
  })

  it('has delivered when the answer is 3 MB, of which it shows 64 KiB', async () => {
    const server = await startServer((response) => response.end('x'.repeat(3_000_000)))
    const ending = await trouble(server)

    expect(ending).toMatchObject(bothDelivered)
    expect(ending.responses[0]?.responseBody).toBe('x'.repeat(65_536))
    expect(server.requests).toHaveLength(1)
  })

  it('has delivered when the answer has no end, and does not listen to it for ever', async () => {
    const server = await startServer(endless)
    const ending = await trouble(server)
    await until(() => !isHeard(server))

    expect(ending).toMatchObject(bothDelivered)
    expect(server.requests).toHaveLength(1)
    expect(isHeard(server)).toBe(false)
  })

  it('has delivered when the end of the answer does not come in time', async () => {
    const server = await startServer((response) => {
      response.write('{')
    })
    const ending = await trouble(server, { httpRequestTimeout: 200 })
    await until(() => !isHeard(server))

    expect(ending).toMatchObject(bothDelivered)
    expect(server.requests).toHaveLength(1)
    expect(isHeard(server)).toBe(false)
  })

  it('sends nothing at all when the time limit is 0', async () => {
    const server = await startServer()
    const ending = await trouble(server, { httpRequestTimeout: 0 })

    expect(ending).toMatchObject(bothFailed(expect.stringMatching(/aborted|within 0 ms/)))
    expect(server.requests).toEqual([])
  })

  // The fetch of Node sometimes opens a second one while the first is on its way back to the pool.
  it('uses connections again for twenty batches with large answers', async () => {
    const server = await startServer((response) => response.end('x'.repeat(300_000)))
    const analytics = new Analytics({ writeKey: 'key', host: server.url, ...settings })
    for (let count = 0; count < 20; count++) {
      analytics.track({ userId: 'u', event: `Event ${count}` })
      await analytics.flush()
    }
    await analytics.closeAndFlush()

    expect(analytics.counts()).toMatchObject({ accepted: 20, delivered: 20, failed: 0, pending: 0 })
    expect(server.requests).toHaveLength(20)
    expect(server.opened()).toBeLessThanOrEqual(isNode ? 1 : 2)
  })
})

describe('given gzip', () => {
  it('sends compressed bodies, and says so', async () => {
    const server = await startServer()
    const ending = await sendTwoEvents({ host: server.url, gzip: true })
    const [request] = server.requests

    expect(ending).toMatchObject(bothDelivered)
    expect(request?.headers).toMatchObject({
      'content-encoding': 'gzip',
      'content-type': 'application/json',
    })
    expect(JSON.parse(request?.body ?? '')).toMatchObject({ batch: [{ event: 'One' }, { event: 'Two' }] })
  })
})
