import { describe, expect, it } from 'vitest'
import type { Notice } from '../src/index'
import { rawRequest } from './helpers/raw-request'
import { startDevServer, trackCall } from './helpers/start-dev-server'

async function startListening(options = {}) {
  const server = await startDevServer(options)
  const notices: Notice[] = []
  server.dev.onArrival((notice) => notices.push(notice))
  return { ...server, notices }
}

describe('a request to an address that is not one', () => {
  it.each([
    ['POST', '/track', /Events go to \/v1\/track: .* should end with \/v1/],
    ['POST', '/v1/v1/batch', /Events go to \/v1\/batch: .* without a path/],
    ['POST', '/v1/track/now', /There is no POST \/v1\/track\/now$/],
    ['GET', '/v1/t', /It takes POST, not GET/],
    ['GET', '/projects/dev/settings', /cdnURL should be the address of this server, without a path/],
    ['GET', '/analytics.js/v1/dev/analytics.min.js', /not the library that a snippet loads/],
    ['POST', '/v1', /Events go to \/v1\/batch/],
  ])('is reported with what was probably meant: %s %s', async (method, path, message) => {
    const { url, notices } = await startListening()

    const response = await fetch(`${url}${path}?writeKey=secret`, { method })

    expect(response.status).toBe(404)
    expect(await response.json()).toMatchObject({
      error: { code: 'route_unknown', message: expect.stringMatching(message) },
    })
    expect(notices).toEqual([
      {
        kind: 'refused',
        route: `${method} ${path}`,
        receivedAt: expect.any(String),
        status: 404,
        reason: 'route',
        message: expect.stringMatching(message),
      },
    ])
  })

  it('is reported when a page asks whether it may send there, because then it never sends', async () => {
    const { url, notices } = await startListening()

    await fetch(`${url}/track`, { method: 'OPTIONS', headers: { 'access-control-request-method': 'POST' } })

    expect(notices).toMatchObject([{ kind: 'refused', route: 'OPTIONS /track' }])
  })

  it('is not reported when browsers made it by themselves', async () => {
    const { get, notices } = await startListening()

    for (const path of ['/favicon.ico', '/.well-known/appspecific/com.chrome.devtools.json']) await get(path)

    expect(notices).toEqual([])
  })

  it('is reported when it names another host', async () => {
    const { url, notices } = await startListening()

    await rawRequest(url, '/v1/track', { host: 'host.docker.internal' })

    expect(notices).toMatchObject([
      { kind: 'refused', status: 403, reason: 'host', message: expect.stringContaining('--allow-host') },
    ])
  })
})

describe('a key that the server does not know', () => {
  it.each(['settings', 'track'])('is reported with what to do about it: %s', async (route) => {
    const { get, post, notices } = await startListening()

    if (route === 'settings') await get('/v1/projects/typo/settings')
    else await post('/v1/track', trackCall({ writeKey: 'typo' }))

    expect(notices).toMatchObject([
      { kind: 'refused', route, reason: 'auth', message: expect.stringContaining('--write-key') },
    ])
  })

  it('is reported when it is that of an OAuth client', async () => {
    const { post, notices } = await startListening()

    await post('/token', 'grant_type=client_credentials&client_assertion=x')

    expect(notices).toMatchObject([{ kind: 'refused', route: 'token', status: 400, reason: 'auth' }])
  })
})

describe('the settings of a source', () => {
  it('let the client send under a consent wrapper that knows no categories', async () => {
    const { get } = await startListening()

    const { body } = await get('/v1/projects/dev/settings')

    expect(body).toMatchObject({ consentSettings: { allCategories: [], hasUnmappedDestinations: true } })
  })
})
