/** Who the visitor is, when one of the places that remember it forgets. */
import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { type Scene, startScene, track } from './support/start-scene'

const losses: [what: string, forget: (page: Page, scene: Scene) => Promise<void>][] = [
  // As browsers do that let cookies set by scripts live for seven days.
  ['cookies have expired', (_page, scene) => scene.browser.context.clearCookies()],
  ['localStorage was cleared', (page) => page.evaluate(() => localStorage.clear())],
]

it.each(losses)('knows the visitor again on the next page when %s', async (_what, forget) => {
  const scene = await startScene()
  const page = await scene.visit('/one')
  await page.evaluate(() => window.shop.analytics?.identify('user-1', { plan: 'free' }))
  const [known] = await scene.api.waitFor({ type: 'identify' })

  await forget(page, scene)
  await page.goto(`${scene.site.url}/two`)
  await track(page, ['Seen Again'])

  const [seen] = await scene.api.waitFor({ event: 'Seen Again' })
  expect(seen?.anonymousId).toMatch(/^[\da-f-]{36}$/)
  expect(seen).toMatchObject({ anonymousId: known?.anonymousId, userId: 'user-1' })
  // Both places know it again, so that the other one may forget next time.
  const kept = await page.evaluate(() => ({
    localStorage: localStorage.getItem('ajs_anonymous_id'),
    cookie: document.cookie,
  }))
  expect(kept.localStorage).toContain(known?.anonymousId)
  expect(kept.cookie).toContain(`ajs_anonymous_id=${known?.anonymousId}`)
  expect(kept.cookie).toContain('ajs_user_id=user-1')
})

it('keeps the visitor over a restart of the browser', async () => {
  const scene = await startScene()
  await track(await scene.visit('/one'), ['Before'])
  const [before] = await scene.api.waitFor({ event: 'Before' })

  await scene.browser.restart()
  await track(await scene.visit('/two'), ['After'])

  const [after] = await scene.api.waitFor({ event: 'After' })
  expect(after?.anonymousId).toMatch(/^[\da-f-]{36}$/)
  expect(after?.anonymousId).toBe(before?.anonymousId)
})
