import { beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import { startCollector } from '../src/collector'
import { at, fields } from '../src/fields'
import type { HttpRequest, NodeLibrary } from '../src/library'
import { outcomeOf, startClient } from '../src/start-client'
import { nodeSubjects } from '../src/subjects'

const event = { userId: 'u', event: 'E' }
const request: HttpRequest = {
  url: 'http://h.test/v1/batch',
  method: 'POST',
  headers: { A: 'b' },
  body: '{"a":1}',
  httpRequestTimeout: 1_000,
}

describe.each(nodeSubjects)('the HTTP client of $name', (subject) => {
  let library: NodeLibrary
  beforeAll(async () => {
    library = await subject.load()
  })

  it('calls the given fetch with the address, the headers, the body and a signal', async () => {
    const answer = { status: 200, statusText: 'OK' }
    const fetchFn = vi.fn(async () => answer)

    const response = await new library.FetchHTTPClient(fetchFn).makeRequest(request)

    expect(response).toBe(answer)
    const [url, init] = fetchFn.mock.calls[0] as unknown as [string, Record<string, unknown>]
    expect(url).toBe(request.url)
    expect(init).toMatchObject({ method: 'POST', headers: { A: 'b' }, body: '{"a":1}' })
    expect(init.signal).toBeInstanceOf(AbortSignal)
    expect(at(init, 'signal', 'aborted')).toBe(false)
  })

  it('fires the signal when the time is over', async () => {
    const fetchFn = vi.fn((_url: string, init: { signal: AbortSignal }) => {
      return new Promise((_resolve, reject) => {
        init.signal.addEventListener('abort', () => reject(init.signal.reason))
      })
    })

    const failed = new library.FetchHTTPClient(fetchFn).makeRequest({ ...request, httpRequestTimeout: 20 })

    await expect(failed).rejects.toMatchObject({ name: expect.stringMatching(/^(Abort|Timeout)Error$/) })
  })

  it('looks the global fetch up when it is called', async () => {
    const client = new library.FetchHTTPClient()
    const fetchFn = vi.fn(async () => ({ status: 202, statusText: 'Later' }))
    vi.stubGlobal('fetch', fetchFn)
    onTestFinished(() => void vi.unstubAllGlobals())

    expect(await client.makeRequest(request)).toEqual({ status: 202, statusText: 'Later' })
    expect(fetchFn).toHaveBeenCalledOnce()
  })

  it('makes real requests', async () => {
    const collector = await startCollector([{ status: 201, statusText: 'Made', headers: { 'X-A': 'b' } }])
    onTestFinished(() => collector.close())

    const response = fields(
      await new library.FetchHTTPClient().makeRequest({ ...request, url: `${collector.url}/x` }),
    )

    expect(response.status).toBe(201)
    expect(response.statusText).toBe('Made')
    expect((response.headers as Headers).get('x-a')).toBe('b')
    expect(collector.received[0]?.path).toBe('/x')
    expect(collector.received[0]?.rawBody).toBe('{"a":1}')
  })

  it('fails on a connection that is cut', async () => {
    const collector = await startCollector([{ instead: 'reset' }])
    onTestFinished(() => collector.close())

    const failed = new library.FetchHTTPClient().makeRequest({ ...request, url: collector.url })

    await expect(failed).rejects.toThrow('fetch failed')
  })

  it('may be a plain function in the settings', async () => {
    const fetchFn = vi.fn(async () => ({ status: 200, statusText: 'OK' }))
    const { analytics } = await startClient(subject, { settings: { httpClient: fetchFn } })

    const { err } = await outcomeOf((callback) => analytics.track(event, callback))

    expect(err).toBeUndefined()
    expect(fetchFn).toHaveBeenCalledOnce()
    const [url, init] = fetchFn.mock.calls[0] as unknown as [string, Record<string, unknown>]
    expect(url).toBe('https://api.segment.io/v1/batch')
    expect(init).toMatchObject({ method: 'POST', headers: { 'Content-Type': 'application/json' } })
  })

  it('may be an object in the settings, whose method is looked up at each request', async () => {
    const first = vi.fn(async () => ({ status: 200, statusText: 'OK' }))
    const second = vi.fn(async () => ({ status: 200, statusText: 'OK' }))
    const httpClient = { makeRequest: first }
    const { analytics } = await startClient(subject, { settings: { httpClient } })
    await outcomeOf((callback) => analytics.track(event, callback))

    httpClient.makeRequest = second
    await outcomeOf((callback) => analytics.track(event, callback))

    expect(first).toHaveBeenCalledOnce()
    expect(second).toHaveBeenCalledOnce()
    expect(first.mock.contexts[0]).toBe(httpClient)
  })

  it('aborts at once with a timeout of 0', async () => {
    const collector = await startCollector(() => ({ delayMs: 200 }))
    onTestFinished(() => collector.close())
    const { Analytics } = library
    const analytics = new Analytics({
      writeKey: 'k',
      flushAt: 1,
      host: collector.url,
      httpRequestTimeout: 0,
      maxRetries: 0,
    })

    const { err } = await outcomeOf((callback) => analytics.track(event, callback))

    expect(fields(err).name).toMatch(/^(Abort|Timeout)Error$/)
  })

  it('gives an event up whose request took too long', async () => {
    const collector = await startCollector([{ instead: 'hang' }])
    onTestFinished(() => collector.close())
    const { Analytics } = library
    const analytics = new Analytics({
      writeKey: 'k',
      flushAt: 1,
      host: collector.url,
      httpRequestTimeout: 50,
      maxRetries: 0,
    })

    const { err } = await outcomeOf((callback) => analytics.track(event, callback))

    expect(fields(err).name).toMatch(/^(Abort|Timeout)Error$/)
    expect(collector.received).toHaveLength(1)
  })
})
