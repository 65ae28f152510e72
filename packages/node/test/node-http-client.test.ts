import http from 'node:http'
import https from 'node:https'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { NodeHTTPClient } from '../src'
import { leaveNothingBehind } from './support/leave-nothing'
import { startRawServer, startServer } from './support/local-server'

leaveNothingBehind()
afterEach(() => {
  vi.restoreAllMocks()
})

const requestTo = (url: string) =>
  ({
    url: `${url}/v1/batch`,
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: '{"batch":[]}',
    httpRequestTimeout: 10_000,
  }) as const

describe('NodeHTTPClient', () => {
  it.each([
    ['http', http, 'http://127.0.0.1:9'],
    ['https', https, 'https://127.0.0.1:9'],
  ] as const)(
    'can be intercepted: it looks up the request function of %s at each call',
    async (_, module, url) => {
      const client = new NodeHTTPClient()
      vi.spyOn(module, 'request').mockImplementation(() => {
        throw new Error('intercepted')
      })

      await expect(client.makeRequest(requestTo(url))).rejects.toThrow('intercepted')
    },
  )

  it('makes its second try on a new connection when the kept ones have all gone stale', async () => {
    const waiting: (() => void)[] = []
    const used = new WeakSet<object>()
    const server = await startServer((response) => {
      const { socket } = response
      if (!socket) return
      if (used.has(socket)) {
        socket.resetAndDestroy()
        return
      }
      used.add(socket)
      waiting.push(() => response.end('{}'))
      // Until all of them have a connection.
      if (waiting.length >= 4) for (const answer of waiting) answer()
    })
    const client = new NodeHTTPClient()
    await Promise.all([1, 2, 3, 4].map(() => client.makeRequest(requestTo(server.url))))
    expect(server.open()).toBe(4)

    const { status } = await client.makeRequest(requestTo(server.url))
    client.close()

    expect(status).toBe(200)
    expect(server.opened()).toBe(5)
    expect(server.requests).toHaveLength(6)
  })

  it('rejects when the server wants to speak another protocol', async () => {
    const server = await startRawServer((socket) => {
      socket.once('data', () =>
        socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: chat\r\n\r\n'),
      )
    })

    await expect(new NodeHTTPClient().makeRequest(requestTo(server.url))).rejects.toThrow(
      'The server answered 101, to speak something other than HTTP',
    )
  })
})
