import { createMemoryStore } from '@sluice/core/internal'
import { createFakeClock, settled } from '@sluice/testing'
import { describe, expect, it } from 'vitest'
import { createLockGuard, type Locks } from '../../src/outbox/lane-guard'
import { createLeaseGuard } from '../../src/outbox/lease-guard'
import { createFakeLocks } from '../support/fake-locks'

describe('a guard with locks', () => {
  it('takes over the lane of a page that is gone, not that of one that lives', async () => {
    const locks = createFakeLocks()
    const living = createLockGuard(locks, 'lane:', 'living')
    living.hold()
    living.hold()
    const guard = createLockGuard(locks, 'lane:', 'this')
    const taken: string[] = []
    for (const lane of ['living', 'dead']) await guard.ifDead(lane, () => taken.push(lane))

    expect(taken).toEqual(['dead'])
  })

  it('lets others have the lane once it is released, and holds it again afterwards', async () => {
    const locks = createFakeLocks()
    const page = createLockGuard(locks, 'lane:', 'page')
    page.hold()
    page.release()
    await settled()
    expect(locks.held.size).toBe(0)
    page.hold()

    expect([...locks.held]).toEqual(['lane:page'])
  })

  it('takes nothing over, and does not complain, where locks are denied', async () => {
    const locks: Locks = { request: () => Promise.reject(new Error('SecurityError')) }
    const guard = createLockGuard(locks, 'lane:', 'this')
    guard.hold()
    const taken: string[] = []
    await guard.ifDead('dead', () => taken.push('dead'))

    expect(taken).toEqual([])
  })
})

describe('a guard with leases', () => {
  const start = () => {
    const store = createMemoryStore()
    const clock = createFakeClock()
    const page = (lane: string) => {
      let isUsed = false
      const guard = createLeaseGuard({ store, clock, prefix: 'lease:', lane, isUsed: () => isUsed })
      return {
        ...guard,
        use(used = true) {
          isUsed = used
          guard.used()
        },
      }
    }
    return { store, clock, page }
  }

  it('needs no timer and no storage while the lane is empty', () => {
    const { store, clock, page } = start()
    page('this').hold()

    expect([clock.timers, store.keys('')]).toEqual([0, []])
  })

  it('renews the lease while the lane is used, and lets go of it when it is not', async () => {
    const { store, clock, page } = start()
    const living = page('living')
    living.hold()
    living.use()
    const other = page('other')
    const taken: string[] = []
    for (let minute = 0; minute < 5; minute++) {
      await clock.advance(60_000)
      const looked = other.ifDead('living', () => taken.push('living'))
      await clock.advance(100)
      await looked
    }
    expect(taken).toEqual([])

    living.use(false)
    await clock.advance(20_000)

    expect([clock.timers, store.keys('')]).toEqual([0, []])
  })

  it('takes over the lane of a page that has not renewed its lease', async () => {
    const { store, clock, page } = start()
    store.set('lease:dead', String(clock.now() - 1))
    const taken: string[] = []
    const done = page('this').ifDead('dead', () => taken.push('dead'))
    await clock.advance(100)
    await done

    expect(taken).toEqual(['dead'])
    expect(store.keys('')).toEqual([])
  })

  it('lets exactly one of several pages have it', async () => {
    const { clock, page } = start()
    const taken: string[] = []
    const attempts = ['a', 'b', 'c'].map((lane) => page(lane).ifDead('dead', () => taken.push(lane)))
    await clock.advance(1_000)
    await Promise.all(attempts)

    expect(taken).toHaveLength(1)
  })

  it('gives way to a page that woke up in time', async () => {
    const { clock, page } = start()
    const sleeper = page('sleeper')
    const taken: string[] = []
    const attempt = page('this').ifDead('sleeper', () => taken.push('sleeper'))
    sleeper.hold()
    sleeper.use()
    await clock.advance(100)
    await attempt

    expect(taken).toEqual([])
  })

  it('says nothing more once it is released', async () => {
    const { store, clock, page } = start()
    const left = page('left')
    left.hold()
    left.use()
    left.release()
    await clock.advance(100_000)

    expect([clock.timers, store.keys('')]).toEqual([0, []])
  })
})
