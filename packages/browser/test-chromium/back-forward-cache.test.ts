/** Pages that sleep in the back/forward cache and are woken again. */
import type { Page } from 'playwright-core'
import { describe, expect, it, onTestFinished } from 'vitest'
import { strategies } from './support/config'
import { names, type Scene, startScene, track, untilLoaded, untilNothingIsKept } from './support/start-scene'

describe.each(strategies)('given %s delivery', (strategy) => {
  it('lets the page sleep, wakes with it, and sends nothing twice', async () => {
    const scene = await startScene({ strategy })
    const page = await visitSleeper(scene, '/one')
    const one = names(3, 'One')
    const two = names(3, 'Two')
    const oneAgain = names(3, 'One Again')
    const twoAgain = names(3, 'Two Again')

    await trackAndGo(page, one, () => location.assign('/two'))
    await page.waitForURL('**/two')
    await untilLoaded(page)
    await trackAndGo(page, two, () => history.back())
    await expectAwake(page, '/one')
    await trackAndGo(page, oneAgain, () => history.forward())
    await expectAwake(page, '/two')
    await track(page, twoAgain)

    // What was under way when the page fell asleep may go out again from the page that took it over.
    await scene.expectEachOnce(page, [...one, ...two, ...oneAgain, ...twoAgain], { mayRepeat: true })
  })

  it('takes over, when it wakes, what was too much for the last requests of the page before', async () => {
    const scene = await startScene({ strategy })
    await scene.api.faults({ kind: 'latency', ms: 200 })
    const page = await visitSleeper(scene, '/one')
    const events = names(60)
    await page.evaluate(() => location.assign('/two'))
    await page.waitForURL('**/two')
    await untilLoaded(page)

    await trackAndGo(page, events, () => history.back())
    await expectAwake(page, '/one')

    await scene.expectEachOnce(page, events, { mayRepeat: true })
  })

  it('repeats nothing that had been answered before the page fell asleep', async () => {
    const scene = await startScene({ strategy })
    const page = await visitSleeper(scene, '/one')
    const one = names(5, 'One')
    const two = names(5, 'Two')
    await track(page, one)
    await untilAnswered(scene, page, one.length)

    await scene.goOn(page, '/two')
    await track(page, two)
    await untilAnswered(scene, page, one.length + two.length)
    await page.evaluate(() => history.back())
    await expectAwake(page, '/one')

    await scene.expectEachOnce(page, [...one, ...two])
  })

  it('lets the page sleep that tracks while it goes away', async () => {
    const scene = await startScene({ strategy })
    const page = await visitSleeper(scene, '/one')
    await page.evaluate(() => addEventListener('pagehide', () => window.shop.track(['Left'])))

    await scene.goOn(page, '/two')
    await track(page, ['Two'])
    await scene.api.waitFor({ event: 'Two' })
    await page.evaluate(() => history.back())
    await expectAwake(page, '/one')

    await scene.expectEachOnce(page, ['Left', 'Two'], { mayRepeat: true })
  })

  it('still sends, when it wakes up, what was deleted from storage', async () => {
    const scene = await startScene({ strategy })
    const page = await visitSleeper(scene, '/one')
    // Long enough for the page to be left before it tries again, on a busy machine too.
    await scene.api.faults({ kind: 'status', status: 429, retryAfter: 5 })
    await track(page, ['One'])
    await expect.poll(() => scene.notices.length).toBeGreaterThanOrEqual(1)
    await page.evaluate(() => localStorage.clear())
    await scene.api.clearFaults()

    await scene.goOn(page, '/two')
    await page.evaluate(() => history.back())
    await expectAwake(page, '/one')

    await scene.expectEachOnce(page, ['One'], { mayRepeat: true })
  })

  it('leaves what the next page has taken over to that page', async () => {
    const scene = await startScene({ strategy })
    const page = await visitSleeper(scene, '/one')
    const events = names(5)
    // Long enough for the page to be left before it tries again, on a busy machine too.
    await scene.api.faults({ kind: 'status', status: 429, retryAfter: 5 })
    await track(page, events)
    const requests = strategy === 'standard' ? events.length : 1
    await expect.poll(() => scene.notices.length).toBeGreaterThanOrEqual(requests)
    await scene.api.clearFaults()

    await scene.goOn(page, '/two')
    await untilAnswered(scene, page, events.length)
    await page.evaluate(() => history.back())
    await expectAwake(page, '/one')

    await scene.expectEachOnce(page, events)
  })
})

async function trackAndGo(page: Page, events: readonly string[], go: () => void): Promise<void> {
  await track(page, events)
  await page.evaluate(go)
}

/** The page is on `path`, and it is the one that slept. */
async function expectAwake(page: Page, path: string): Promise<void> {
  await expect
    .poll(() => page.evaluate(() => ({ path: location.pathname, isBack: window.shop?.isBack })))
    .toEqual({ path, isBack: true })
}

/** Opens a tab, and fails the test for a page that could not sleep, with what the browser says about it. */
async function visitSleeper(scene: Scene, path: string): Promise<Page> {
  const page = await scene.visit(path)
  const session = await scene.browser.context.newCDPSession(page)
  await session.send('Page.enable')
  const obstacles: string[] = []
  session.on('Page.backForwardCacheNotUsed', ({ notRestoredExplanations }) =>
    obstacles.push(
      ...notRestoredExplanations.map(({ reason, details }) => JSON.stringify({ reason, details })),
    ),
  )
  onTestFinished(() => expect(obstacles).toEqual([]))
  return page
}

/** The server has so many events, and the page knows it. */
async function untilAnswered(scene: Scene, page: Page, count: number): Promise<void> {
  await scene.api.waitFor({ type: 'track' }, { count })
  await untilNothingIsKept(page)
}
