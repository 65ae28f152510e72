import { describe, expect, it } from 'vitest'
import { rawRequest } from './helpers/raw-request'
import { startDevServer } from './helpers/start-dev-server'

describe('a page of another site', () => {
  // Images, scripts and requests in mode `no-cors` carry no `Origin`.
  it.each(['cross-site', 'same-site'])('cannot set off work in the test API: %s', async (site) => {
    const { url } = await startDevServer()

    for (const path of ['/api/events', '/api/events/m1', '/api/counts', '/api/stream', '/api/faults']) {
      const { status, body } = await rawRequest(url, path, { 'sec-fetch-site': site })
      expect([path, status]).toEqual([path, 403])
      expect(JSON.parse(body)).toMatchObject({
        error: { code: 'origin_not_allowed', where: 'sec-fetch-site' },
      })
    }
  })

  it.each(['same-origin', 'none'])('is told from our own page and from a typed address: %s', async (site) => {
    const { url } = await startDevServer()

    expect((await rawRequest(url, '/api/events', { 'sec-fetch-site': site })).status).toBe(200)
  })

  it('may track, and read why it may not', async () => {
    const { url, get } = await startDevServer()

    expect(
      (await rawRequest(url, '/v1/projects/dev/settings', { 'sec-fetch-site': 'cross-site' })).status,
    ).toBe(200)
    for (const path of ['/v1/projects/dev/settings', '/v1/projects/other/settings', '/v1/nothing']) {
      expect((await get(path)).headers.get('cross-origin-resource-policy'), path).toBe('cross-origin')
    }
  })

  it('cannot embed anything else', async () => {
    const { get } = await startDevServer()

    for (const path of ['/health', '/api/events', '/api/nothing', '/nothing', '/']) {
      expect((await get(path)).headers.get('cross-origin-resource-policy'), path).toBe('same-origin')
    }
  })
})
