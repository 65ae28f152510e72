/** The visitor loses the network and gets it back. */
import { describe, expect, it } from 'vitest'
import { strategies } from './support/config'
import { names, startScene, track, untilLoaded } from './support/start-scene'

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
    await page.goto(`${scene.site.url}/one`)
    await untilLoaded(page)

    await scene.expectEachOnce(page, events)
  })

  it('delivers them also when the page itself came from a cache, and only then the network is back', async () => {
    const scene = await startScene({ strategy })
    const page = await scene.visit('/one')
    // As a service worker would, so that the page works without a network.
    await scene.browser.context.route(`${scene.site.url}/**`, async (route) => {
      const response = await fetch(route.request().url())
      const contentType = response.headers.get('content-type') ?? ''
      await route.fulfill({ body: await response.text(), contentType })
    })
    const before = names(20, 'Before')
    const after = names(20, 'After')
    await scene.browser.context.setOffline(true)
    await track(page, before)

    await page.reload()
    await track(page, after)
    expect(await scene.api.counts()).toMatchObject({ requests: 0 })
    await scene.browser.context.setOffline(false)

    await scene.expectEachOnce(page, [...before, ...after])
  })
})
