/** The visitor loses the network and gets it back. */
import { describe, expect, it } from 'vitest'
import { strategies } from './support/config'
import { names, startScene, track, untilNothingIsKept } from './support/start-scene'

describe.each(strategies)('given %s delivery and a browser that is offline', (strategy) => {
  it('delivers 200 events once it is online', async () => {
    const scene = await startScene({ strategy })
    const page = await scene.visit('/one')
    const events = names(200)
    await scene.browser.context.setOffline(true)

    await track(page, events)
    expect(await scene.api.counts()).toMatchObject({ requests: 0 })
    await scene.browser.context.setOffline(false)

    await scene.expectEachOnce(page, events)
  })

  it('delivers events that were tracked before a reload that found no network', async () => {
    const scene = await startScene({ strategy })
    const page = await scene.visit('/one')
    const events = names(50)
    await scene.browser.context.setOffline(true)
    await track(page, events)

    await expect(page.reload()).rejects.toThrow('ERR_INTERNET_DISCONNECTED')
    await scene.browser.context.setOffline(false)
    await scene.goOn(page, '/one')

    // Chromium's emulation lets those requests pass that outlive their page.
    await scene.expectEachOnce(page, events, { mayRepeat: true })
  })

  it('delivers events of before and after a reload without a network, as web apps have it', async () => {
    const scene = await startScene({ strategy })
    const page = await scene.visit('/one')
    await page.evaluate(async () => {
      await navigator.serviceWorker.register('/scripts/offline.js', { type: 'module', scope: '/' })
      await navigator.serviceWorker.ready
    })
    // Through the service worker, so that it keeps everything that the page loads.
    for (const event of ['Online', 'Online Again']) {
      await page.reload()
      await track(page, [event])
      await scene.api.waitFor({ event })
      await untilNothingIsKept(page)
    }
    const before = names(20, 'Before')
    const after = names(20, 'After')
    await scene.browser.context.setOffline(true)
    await track(page, before)

    await page.reload()
    await track(page, after)
    expect(await page.evaluate(() => navigator.onLine)).toBe(false)
    await scene.browser.context.setOffline(false)

    await scene.expectEachOnce(page, ['Online', 'Online Again', ...before, ...after], { mayRepeat: true })
  })
})
