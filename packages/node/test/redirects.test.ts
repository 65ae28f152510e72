import { describe, expect, it } from 'vitest'
import { FetchHTTPClient, NodeHTTPClient } from '../src'
import { GzipHTTPClient } from '../src/http/fetch-http-client'
import { followRedirects } from '../src/http/redirects'
import { leaveNothingBehind } from './support/leave-nothing'
import { startServer } from './support/local-server'

leaveNothingBehind()

const request = (url: string) =>
  ({
    url: `${url}/v1/batch`,
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Authorization: 'Basic azo=' },
    body: '{"batch":[]}',
    httpRequestTimeout: 5_000,
  }) as const

describe.each([
  ['FetchHTTPClient', () => new FetchHTTPClient()],
  ['FetchHTTPClient over a fetch of yours', () => new FetchHTTPClient((url, init) => fetch(url, init))],
  ['GzipHTTPClient', () => new GzipHTTPClient()],
  ['NodeHTTPClient', () => new NodeHTTPClient()],
])('%s, given a server that redirects', (_, create) => {
  it.each([301, 302, 303])(
    'with %i, which would lose the events, rejects and says where to',
    async (status) => {
      const server = await startServer((response) => response.writeHead(status, { Location: '/login' }).end())

      await expect(create().makeRequest(request(server.url))).rejects.toThrow(
        `[${status}] The server redirects to ${server.url}/login: set host and path to that`,
      )
      expect(server.requests.map(({ method, path }) => [method, path])).toEqual([['POST', '/v1/batch']])
    },
  )

  it.each([307, 308])('with %i carries the events along, with the credentials', async (status) => {
    const server = await startServer((response, { path }) => {
      if (path === '/elsewhere') response.end('{}')
      else response.writeHead(status, { Location: '/elsewhere' }).end()
    })

    expect((await create().makeRequest(request(server.url))).status).toBe(200)
    expect(server.requests.map(({ method, path, body }) => [method, path, body])).toEqual([
      ['POST', '/v1/batch', '{"batch":[]}'],
      ['POST', '/elsewhere', '{"batch":[]}'],
    ])
    expect(server.requests[1]?.headers.authorization).toBe('Basic azo=')
  })

  it('to another host leaves the credentials behind', async () => {
    const other = await startServer()
    const server = await startServer((response) =>
      response.writeHead(308, { Location: `${other.url}/x` }).end(),
    )
    await create().makeRequest(request(server.url))

    expect(other.requests).toHaveLength(1)
    expect(other.requests[0]?.headers).not.toHaveProperty('authorization')
  })

  it.each([
    ['data:text/plain,ok', 'data:text/plain,ok: that is neither http nor https'],
    ['file:///etc/passwd', 'file:/etc/passwd: that is neither http nor https'],
    [
      'http://user:secret@127.0.0.1:9/x?token=secret',
      'http://127.0.0.1:9/x: an address with a password cannot be fetched',
    ],
  ])('to %s, rejects and says where to, without its secrets', async (location, message) => {
    const server = await startServer((response) => response.writeHead(307, { Location: location }).end())

    await expect(create().makeRequest(request(server.url))).rejects.toThrow(
      `[307] The server redirects to ${message}`,
    )
  })

  it('to something that is no URL, rejects', async () => {
    const server = await startServer((response) => response.writeHead(307, { Location: 'http://' }).end())

    await expect(create().makeRequest(request(server.url))).rejects.toThrow(
      'The server redirects to something that is no URL',
    )
  })

  it('carries a request for a token along to the same host only: its body is a credential', async () => {
    const other = await startServer()
    const server = await startServer((response, { path }) => {
      if (path === '/oauth/token') response.end('{}')
      else response.writeHead(307, { Location: path === '/v1/batch' ? '/oauth/token' : other.url }).end()
    })
    const headers = { 'Content-Type': 'application/x-www-form-urlencoded' }
    const ask = (path: string) =>
      create().makeRequest({ ...request(server.url), url: server.url + path, headers, body: 'assertion' })

    expect((await ask('/v1/batch')).status).toBe(200)
    await expect(ask('/token')).rejects.toThrow(
      `[307] The server redirects to ${other.url}/: set oauthSettings.authServer to that`,
    )
    expect(other.requests).toEqual([])
  })

  it('in circles, gives up', async () => {
    const server = await startServer((response) => response.writeHead(308, { Location: '/v1/batch' }).end())

    await expect(create().makeRequest(request(server.url))).rejects.toThrow(
      'The server redirects more than 5 times',
    )
    expect(server.requests).toHaveLength(6)
  })

  it('does not take a 304 for a redirect', async () => {
    const server = await startServer((response) => response.writeHead(304).end())

    expect((await create().makeRequest(request(server.url))).status).toBe(304)
  })
})

it('follows a redirect although its body cannot be let go of', async () => {
  const body = { cancel: () => Promise.reject(new TypeError('The stream is locked')) }
  const answers = [{ status: 307, statusText: '', headers: { location: '/other' }, body }]
  const send = async () => answers.pop() ?? { status: 200, statusText: 'OK' }

  const headers = { 'Content-Type': 'application/json' }
  expect((await followRedirects('https://api.example/v1/batch', headers, send)).status).toBe(200)
})

describe('a redirect from https to http', () => {
  it('is not followed', async () => {
    const sent: string[] = []
    const send = async (url: string) => {
      sent.push(url)
      return { status: 307, statusText: '', headers: { location: 'http://api.example/v1/batch' } }
    }

    await expect(
      followRedirects('https://api.example/v1/batch', { 'Content-Type': 'application/json' }, send),
    ).rejects.toThrow('[307] The server redirects to http://api.example/v1/batch: that is no longer https')
    expect(sent).toEqual(['https://api.example/v1/batch'])
  })
})
