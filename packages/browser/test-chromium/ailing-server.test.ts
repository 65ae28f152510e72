/** A Tracking API that is ill for a while. */
import { describe, expect, it } from 'vitest'
import { strategies } from './support/config'
import { names, startScene, track, trackAndHear } from './support/start-scene'

describe.each(strategies)('given %s delivery', (strategy) => {
  it('delivers everything through 5 s of 500s', async () => {
    const scene = await startScene({ strategy })
    const page = await scene.visit('/one')
    const events = names(20)
    await scene.api.faults({ kind: 'status', status: 500, forMs: 5_000 })

    await track(page, events)

    await scene.expectEachOnce(page, events)
  })

  it('sends nothing while it was asked to wait with 429 and Retry-After', async () => {
    const scene = await startScene({ strategy })
    const page = await scene.visit('/one')
    await scene.api.faults({ kind: 'status', status: 429, retryAfter: 2, times: 1 })
    await trackAndHear(page, 'First')
    await expect.poll(() => scene.notices).toMatchObject([{ kind: 'refused', status: 429 }])
    const refusedAt = Date.parse(scene.notices[0]?.receivedAt ?? '')

    const others = names(20)
    await track(page, others)

    await scene.expectEachOnce(page, ['First', ...others])
    const [, next] = scene.notices
    expect(Date.parse(next?.receivedAt ?? '') - refusedAt).toBeGreaterThanOrEqual(2_000)
  })
})
