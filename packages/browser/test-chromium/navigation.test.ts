/** The visitor tracks and is gone to the next page before anything has been answered. */
import { describe, it } from 'vitest'
import { strategies } from './support/config'
import { names, startScene, trackAndLeave, untilLoaded } from './support/start-scene'

const counts = [1, 5, 20, 100]

describe.each(strategies)('given %s delivery and a server that takes 200 ms', (strategy) => {
  it.each(counts)('delivers %i events that were tracked right before the next page', async (count) => {
    const scene = await startScene({ strategy })
    await scene.api.faults({ kind: 'latency', ms: 200 })
    const page = await scene.visit('/one')
    const events = names(count)

    await trackAndLeave(page, events, '/two')
    await untilLoaded(page)

    await scene.expectEachOnce(page, events, { mayRepeat: true })
  })

  it.each(counts)('delivers %i events that were tracked before the settings had arrived', async (count) => {
    const scene = await startScene({ strategy })
    await scene.api.faults(
      { kind: 'latency', ms: 2_000, times: 1, routes: ['settings'] },
      { kind: 'latency', ms: 200 },
    )
    const page = await scene.open('/one?closed')
    const events = names(count)

    await page.evaluate(() => window.shop.open())
    await trackAndLeave(page, events, '/two')
    await untilLoaded(page)

    await scene.expectEachOnce(page, events, { mayRepeat: true })
  })

  it('delivers what the page tracks while it goes away', async () => {
    const scene = await startScene({ strategy })
    await scene.api.faults({ kind: 'latency', ms: 200 })
    const page = await scene.visit('/one')
    // After the library's own listeners, as most are: how long it was read, how far.
    await page.evaluate(() => addEventListener('pagehide', () => window.shop.track(['Left'])))

    await scene.goOn(page, '/two')

    await scene.expectEachOnce(page, ['Left'], { mayRepeat: true })
  })
})
