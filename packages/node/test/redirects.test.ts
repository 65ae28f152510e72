import { describe, expect, it } from 'vitest'
import { FetchHTTPClient, NodeHTTPClient } from '../src'
import { GzipHTTPClient } from '../src/http/fetch-http-client'
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
        `[${status}] The server redirects to /login: set host and path to that`,
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
