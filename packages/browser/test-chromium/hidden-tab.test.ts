/** The visitor looks at another tab and comes back. */
import { expect, it } from 'vitest'
import { strategies } from './support/config'
import { hideBehind, names, startScene, track } from './support/start-scene'

it.each(strategies)(
  'sends nothing twice when a tab is hidden and shown again, with %s delivery',
  async (strategy) => {
    const scene = await startScene({ strategy })
    const page = await scene.visit('/one')
    const other = await scene.browser.context.newPage()
    await page.bringToFront()
    const before = names(3, 'Before')
    const whileHidden = names(3, 'While Hidden')
    const after = names(3, 'After')

    await track(page, before)
    await hideBehind(other, page)
    await track(page, whileHidden)
    await page.bringToFront()
    await track(page, after)

    await scene.expectEachOnce(page, [...before, ...whileHidden, ...after])
  },
)

it('sends a batch that is not full when its tab is hidden', async () => {
  const scene = await startScene({ strategy: 'batching', batchWaitMs: 60_000 })
  const page = await scene.visit('/one')
  const events = names(5)

  await track(page, events)
  await hideBehind(await scene.browser.context.newPage(), page)

  // Nobody comes back to it.
  const arrived = await scene.api.waitFor({ type: 'track' }, { count: events.length })
  expect(arrived.map(({ event }) => event).sort()).toEqual(events)
})
