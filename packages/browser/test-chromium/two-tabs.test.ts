/** Several tabs of one site, which share its storage. */
import { describe, expect, it } from 'vitest'
import { strategies } from './support/config'
import { killTab, names, startScene, track, trackAndHear } from './support/start-scene'

describe.each(strategies)('given %s delivery', (strategy) => {
  it('delivers what two tabs track at once', async () => {
    const scene = await startScene({ strategy })
    const [one, two] = await Promise.all([scene.visit('/one'), scene.visit('/two')])
    const ofOne = names(30, 'One')
    const ofTwo = names(30, 'Two')

    await Promise.all([track(one, ofOne), track(two, ofTwo)])

    await scene.expectEachOnce(two, [...ofOne, ...ofTwo])
  })

  it.each(['closed', 'killed'])(
    'lets the next pages adopt what a %s tab left, each event by one of them',
    async (end) => {
      const scene = await startScene({ strategy })
      const living = await scene.visit('/living')
      const dying = await scene.visit('/dying')
      // Refused and not taken, so that whatever is under way when the tab dies is not taken either.
      await scene.api.faults({ kind: 'status', status: 429, retryAfter: 1 })
      const ofLiving = names(10, 'Living')
      const ofDying = names(10, 'Dying')
      await track(living, ofLiving)
      await track(dying, ofDying)
      await expect.poll(() => scene.notices.length).toBeGreaterThanOrEqual(2)

      await (end === 'closed' ? dying.close() : killTab(dying))
      const [heir] = await Promise.all([scene.visit('/heir'), scene.visit('/heir'), scene.visit('/heir')])
      await scene.api.clearFaults()

      // The browser itself makes the deferred request of a batching page that was killed; its heir cannot know.
      const mayRepeat = end === 'killed' && strategy === 'batching'
      await scene.expectEachOnce(heir, [...ofLiving, ...ofDying], { mayRepeat })
    },
  )

  it('leaves alone what a living tab has not sent yet', async () => {
    const scene = await startScene({ strategy })
    const waiting = await scene.visit('/waiting')
    await scene.api.faults({ kind: 'status', status: 429, retryAfter: 60, times: 1 })
    const events = names(10)
    await trackAndHear(waiting, 'Refused')
    await expect.poll(() => scene.notices).toMatchObject([{ kind: 'refused', status: 429 }])
    await track(waiting, events)

    const other = await scene.visit('/other')
    await track(other, ['Of Another Tab'])
    await scene.api.waitFor({ event: 'Of Another Tab' })
    await scene.visit('/third')

    expect(await scene.api.counts()).toMatchObject({ accepted: 1, duplicates: 0 })
    // Once it is gone, they are there to be taken over. What the browser sends in its name is refused.
    await scene.api.faults({ kind: 'status', status: 429, retryAfter: 1 })
    await killTab(waiting)
    const heir = await scene.visit('/heir')
    await scene.api.clearFaults()
    await scene.expectEachOnce(heir, ['Refused', ...events, 'Of Another Tab'])
  })
})
