import { connect } from 'node:net'
import { describe, expect, it } from 'vitest'
import { createDevServer } from '../src/index'
import { rawRequest } from './helpers/raw-request'
import { startDevServer, trackCall } from './helpers/start-dev-server'

describe('closing', () => {
  it('ends streams, waits, hangs and kept connections at once, and frees the port', async () => {
    const { dev, url, client } = await startDevServer()
    const struck = new Promise<void>((resolve) => dev.onArrival(() => resolve()))
    const stream = await fetch(`${url}/api/stream`)
    await client.faults({ kind: 'hang', times: 1 }, { kind: 'latency', ms: 60_000 })
    const hanging = fetch(`${url}/v1/track`, { method: 'POST', body: JSON.stringify(trackCall()) }).catch(
      () => 'cut',
    )
    const waiting = client.waitFor({ event: 'Never' }, { timeoutMs: 60_000 }).catch((error: unknown) => error)
    await struck

    const start = performance.now()
    await dev.close()

    // What is open would take a minute.
    expect(performance.now() - start).toBeLessThan(30_000)
    expect(await hanging).toBe('cut')
    expect(await waiting).toMatchObject({ name: 'DevServerError' })
    await stream.text().catch(() => undefined)
    const again = await createDevServer({ port: dev.port, memory: true })
    expect(again.port).toBe(dev.port)
    await again.close()
  })

  it('does not wait for a sender that never ends its request', async () => {
    const { dev, client } = await startDevServer()
    const socket = connect(dev.port, '127.0.0.1').resume()
    await new Promise<void>((resolve) => {
      socket.write(`POST /v1/track HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n{`, () =>
        resolve(),
      )
    })
    const ended = new Promise<void>((resolve) =>
      socket.on('error', () => undefined).on('close', () => resolve()),
    )

    while ((await client.counts()).requests === 0);

    await dev.close()

    await ended
  })

  it('may be asked for twice', async () => {
    const { dev } = await startDevServer()

    expect(dev.close()).toBe(dev.close())
    await dev.close()
  })
})

describe('starting', () => {
  it('fails with the address when the port is taken', async () => {
    const { dev } = await startDevServer()

    await expect(createDevServer({ port: dev.port, memory: true })).rejects.toMatchObject({
      code: 'address_not_usable',
      facts: { port: dev.port, host: '127.0.0.1' },
    })
  })

  it.each([
    [{ port: 1.5 }, 'port'],
    [{ writeKeys: 'dev' }, 'writeKeys'],
    [{ limits: { callBytes: 0 } }, 'limits'],
    [{ limits: { other: 1 } }, 'limits'],
    [{ rateLimit: {} }, 'rateLimit'],
    [{ oauth: { clients: [{}] } }, 'oauth'],
    [{ colour: 'red' }, 'colour'],
    [{ constructor: 'red' }, 'constructor'],
  ])('fails with the option that cannot be used: %j', async (options, option) => {
    const start = createDevServer(options as Parameters<typeof createDevServer>[0])

    await expect(start).rejects.toMatchObject({
      name: 'DevServerError',
      code: 'invalid_option',
      facts: { option },
    })
  })
})

describe('the Host header', () => {
  it.each(['localhost', '127.0.0.1', 'LOCALHOST:1234', '[::1]:80', 'box.internal'])(
    'lets %s in',
    async (host) => {
      const { url } = await startDevServer({ allowedHosts: ['box.internal'] })

      expect((await rawRequest(url, '/health', { host })).status).toBe(200)
    },
  )

  it.each([
    'evil.example',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    '10.0.0.1',
    'localhost:80:80',
    '[::1',
    'a@localhost',
  ])('keeps %j out', async (host) => {
    const { url } = await startDevServer()

    const { status, body } = await rawRequest(url, '/api/events', { host })

    expect(status).toBe(403)
    expect(JSON.parse(body)).toMatchObject({ error: { code: 'host_not_allowed' } })
  })

  it('may be any address when the server is bound to all of them, but not any name', async () => {
    const { url } = await startDevServer({ host: '0.0.0.0' })

    expect((await rawRequest(url, '/health', { host: '192.168.1.7:4777' })).status).toBe(200)
    expect((await rawRequest(url, '/health', { host: 'evil.example' })).status).toBe(403)
  })
})

it('says with every answer that nothing in it may be rendered, guessed at or kept', async () => {
  const { get } = await startDevServer()

  for (const path of ['/health', '/nothing', '/v1/projects/dev/settings', '/api/events']) {
    const { headers } = await get(path)
    expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'/)
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('cache-control')).toBe('no-store')
  }
})
