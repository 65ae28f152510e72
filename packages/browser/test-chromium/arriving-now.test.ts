/** The visitor leaves right after something was tracked: it arrives now, not with the next visit. */
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { strategies } from './support/config'
import { names, type Scene, startScene, untilLoaded } from './support/start-scene'

/** A page without the library. */
const elsewhere = '/scripts/shop.js'

const counts = [1, 5, 20]

/**
 * They arrive before anybody comes back. Who comes back in another tab may have closed the browser meanwhile, for all that
 * the page there can know: it sends again what had no answer.
 */
async function expectNow(scene: Scene, events: readonly string[]): Promise<void> {
  await scene.api.waitFor({ type: 'track' }, { count: events.length, timeoutMs: 20_000 })
  await scene.expectEachOnce(await scene.visit('/two'), events, { mayRepeat: true })
}

async function clickLink(page: Page, events: readonly string[], to: string): Promise<void> {
  await page.evaluate(
    ({ events, to }) => {
      document.body.innerHTML = `<a href="${to}">Leave</a>`
      document.querySelector('a')?.addEventListener('click', () => window.shop.track(events))
    },
    { events, to },
  )
  await page.click('a', { noWaitAfter: true })
  await page.waitForURL(`**${to}`)
}

describe.each(strategies)('given %s delivery and a server that takes 100 ms', (strategy) => {
  const start = async () => {
    const scene = await startScene({ strategy })
    const page = await scene.visit('/one')
    await scene.api.faults({ kind: 'latency', ms: 100 })
    return { scene, page }
  }

  it.each(counts)('has %i events of a click on a link', async (count) => {
    const { scene, page } = await start()

    await clickLink(page, names(count), elsewhere)

    await expectNow(scene, names(count))
  })

  it.each(counts)('has %i events of a click on a link to the next page, and has them once', async (count) => {
    const { scene, page } = await start()

    await clickLink(page, names(count), '/two')
    await untilLoaded(page)

    await scene.expectEachOnce(page, names(count))
  })

  it.each(counts)('has %i events that were tracked before the tab was closed', async (count) => {
    const { scene, page } = await start()
    await page.evaluate((events) => window.shop.track(events), names(count))
    await page.close()

    await expectNow(scene, names(count))
  })

  it('has what waited to be tried again, without any storage', async () => {
    const scene = await startScene({ strategy, options: { disableClientPersistence: true } })
    const page = await scene.visit('/one')
    await scene.api.faults({ kind: 'status', status: 503, times: strategy === 'standard' ? 3 : 1 })
    await page.evaluate((events) => window.shop.track(events), names(3))
    await expect.poll(() => scene.notices.length).toBeGreaterThan(0)
    await scene.goOn(page, '/two')

    await scene.api.waitFor({ type: 'track' }, { count: 3, timeoutMs: 20_000 })
  })
})
