/** The page ends in other ways than by the next page, with events that the server has not answered yet. */
import type { Page } from 'playwright-core'
import { describe, it } from 'vitest'
import { strategies } from './support/config'
import { hideBehind, killTab, names, type Scene, startScene, track, untilLoaded } from './support/start-scene'

/** How the page ends, and the page that the visitor sees next. */
const ends: [what: string, end: (page: Page, scene: Scene) => Promise<Page>][] = [
  [
    'the tab is closed',
    async (page, scene) => {
      await page.close()
      return scene.visit('/two')
    },
  ],
  [
    'the tab is killed',
    async (page, scene) => {
      await killTab(page)
      return scene.visit('/two')
    },
  ],
  [
    'the tab is hidden and then killed, as phones do',
    async (page, scene) => {
      await hideBehind(await scene.browser.context.newPage(), page)
      await killTab(page)
      return scene.visit('/two')
    },
  ],
  [
    'the page is reloaded',
    async (page) => {
      await page.reload()
      await untilLoaded(page)
      return page
    },
  ],
  [
    'the browser is closed and opened again',
    async (_page, scene) => {
      await scene.browser.restart()
      return scene.visit('/two')
    },
  ],
]

describe.each(strategies)('given %s delivery and a server that does not answer', (strategy) => {
  it('delivers what had left with a page when the browser was closed and opened again', async () => {
    const scene = await startScene({ strategy })
    await scene.api.faults({ kind: 'hang' })
    const page = await scene.visit('/one')
    const events = names(5)
    await track(page, events)
    await page.goto(`${scene.site.url}/scripts/shop.js`)
    // What is under way may end with the browser.
    await scene.browser.restart()
    await scene.api.clearFaults()

    await scene.expectEachOnce(await scene.visit('/two'), events)
  })
})

describe.each(strategies)('given %s delivery and a server that takes 200 ms', (strategy) => {
  it.each(ends)('delivers everything when %s', async (_what, end) => {
    const scene = await startScene({ strategy })
    await scene.api.faults({ kind: 'latency', ms: 200 })
    const page = await scene.visit('/one')
    const events = names(25)
    await track(page, events)

    const next = await end(page, scene)

    await scene.expectEachOnce(next, events, { mayRepeat: true })
  })
})
