import { connect, type Socket } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { rawBytes } from './helpers/raw-request'
import { startDevServer } from './helpers/start-dev-server'

describe('HEAD', () => {
  it.each(['/api/stream', '/api/events', '/api/counts', '/health'])(
    'of %s is answered with a head, and that is all',
    async (path) => {
      const { dev } = await startDevServer()

      const answer = await rawBytes(
        dev.port,
        `HEAD ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`,
      )

      expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n[\s\S]*content-security-policy[\s\S]*\r\n\r\n$/)
    },
  )

  it('may be answered by a fault that cuts its answer', async () => {
    const { dev, client } = await startDevServer()
    await client.faults({ kind: 'partial', routes: ['settings'] })

    const answer = rawBytes(dev.port, 'HEAD /v1/projects/dev/settings HTTP/1.1\r\nHost: localhost\r\n\r\n')

    await answer.catch(() => 'cut')
  })
})

describe('what Node would answer by itself', () => {
  it.each([
    [
      'a request without Host',
      'GET /health HTTP/1.1\r\nConnection: close\r\n\r\n',
      400,
      'request_not_usable',
    ],
    [
      'an expectation',
      'GET /health HTTP/1.1\r\nHost: localhost\r\nExpect: miracles\r\nConnection: close\r\n\r\n',
      417,
      'expectation_failed',
    ],
    ['CONNECT', 'CONNECT example.com:443 HTTP/1.1\r\nHost: localhost\r\n\r\n', 405, 'method_not_allowed'],
    ['another protocol', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400, 'request_not_usable'],
  ])('has the form of every other error, given %s', async (_, request, status, code) => {
    const { dev } = await startDevServer()

    const answer = await rawBytes(dev.port, request)

    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
    expect(answer).toContain("content-security-policy: default-src 'none'")
    expect(answer).toContain('x-content-type-options: nosniff')
    expect(JSON.parse(answer.slice(answer.indexOf('\r\n\r\n')))).toMatchObject({
      success: false,
      error: { code, message: expect.any(String) },
    })
  })

  it('still lets a sender ask whether it may go on', async () => {
    const { dev } = await startDevServer()

    const answer = await rawBytes(
      dev.port,
      'POST /v1/track HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}',
    )

    expect(answer).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 401 /)
  })
})

describe('a caller that never ends its side of a connection', () => {
  it('is hung up on a moment after its answer', async () => {
    const { dev } = await startDevServer()
    const socket = connect({ port: dev.port, host: '127.0.0.1', allowHalfOpen: true })
    onTestFinished(() => {
      socket.destroy()
    })
    socket.write('CONNECT example.com:443 HTTP/1.1\r\nHost: localhost\r\n\r\n')
    socket.resume()

    await new Promise((resolve) => socket.once('end', resolve))

    await untilRefused(socket)
  })
})

/** Writes on until the other end says that nobody is there. */
function untilRefused(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    const writing = setInterval(() => socket.write('x'), 20)
    socket.once('error', () => {
      clearInterval(writing)
      resolve()
    })
  })
}
