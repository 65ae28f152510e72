/** Tools that wait for a quiet network, such as Playwright's `networkidle`, count a request as open until its answer was read. */
import { expect, it } from 'vitest'
import { startScene, track } from './support/start-scene'

it.each([200, 503])('finishes each request that it makes, given the answer %i', async (status) => {
  const scene = await startScene()
  const page = await scene.visit('/one')
  await scene.api.faults({ kind: 'status', status, times: 1 })
  const open = new Set<unknown>()
  const seen: string[] = []
  page.on('request', (request) => {
    open.add(request)
    seen.push(request.url())
  })
  page.on('requestfinished', (request) => open.delete(request))

  await track(page, ['Noticed'])
  await expect.poll(async () => (await scene.api.counts()).requests).toBeGreaterThan(0)

  await expect.poll(() => open.size).toBe(0)
  expect(seen.some((url) => url.startsWith(scene.apiURL))).toBe(true)
})
