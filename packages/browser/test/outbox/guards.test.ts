import { createMemoryStore } from '@sluice/core/internal'
import { createFakeClock, settled } from '@sluice/testing'
import { describe, expect, it } from 'vitest'
import { claimLane } from '../../src/outbox/claim-lane'
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
    for (const lane of ['living', 'dead']) await claimLane(guard, lane, () => taken.push(lane))

    expect(taken).toEqual(['dead'])
  })

  it('lets others have the lane once it is released, and holds it again afterwards', async () => {
    const locks = createFakeLocks()
    const page = createLockGuard(locks, 'lane:', 'page')
    page.hold()
    page.release()
    await settled()
    page.hold()
    // An event that comes while the page falls asleep must not wake it.
    expect(locks.held.size).toBe(0)
    page.wake()
    page.hold()

    expect([...locks.held]).toEqual(['lane:page'])
  })

  it('takes nothing over, and does not complain, where locks are denied', async () => {
    const locks: Locks = { request: () => Promise.reject(new Error('SecurityError')) }
    const guard = createLockGuard(locks, 'lane:', 'this')
    guard.hold()
    const taken: string[] = []
    await claimLane(guard, 'dead', () => taken.push('dead'))

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
        guard,
        /** The first event comes into the lane. */
        use() {
          guard.hold()
          isUsed = true
        },
        empty() {
          isUsed = false
        },
      }
    }
    return { store, clock, page }
  }

  it('needs no timer and no storage while the lane is empty', () => {
    const { store, clock, page } = start()
    page('this')

    expect([clock.timers, store.keys('')]).toEqual([0, []])
  })

  it('has its lease before anything is in the lane', () => {
    const { store, clock, page } = start()
    page('this').use()

    expect(Number(store.get('lease:this'))).toBeGreaterThan(clock.now() + 60_000)
  })

  it('renews the lease while the lane is used, and lets go of it when it is not', async () => {
    const { store, clock, page } = start()
    const living = page('living')
    living.use()
    const { guard } = page('other')
    const taken: string[] = []
    for (let minute = 0; minute < 5; minute++) {
      await clock.advance(60_000)
      const looked = claimLane(guard, 'living', () => taken.push('living'))
      await clock.advance(100)
      await looked
    }
    expect(taken).toEqual([])

    living.empty()
    await clock.advance(20_000)

    expect([clock.timers, store.keys('')]).toEqual([0, []])
  })

  it('takes over the lane of a page that has not renewed its lease', async () => {
    const { store, clock, page } = start()
    store.set('lease:dead', String(clock.now() - 1))
    const taken: string[] = []
    const done = claimLane(page('this').guard, 'dead', () => taken.push('dead'))
    await clock.advance(100)
    await done

    expect(taken).toEqual(['dead'])
    expect(store.keys('')).toEqual([])
  })

  it('lets exactly one of several pages have it', async () => {
    const { clock, page } = start()
    const taken: string[] = []
    const attempts = ['a', 'b', 'c'].map((lane) =>
      claimLane(page(lane).guard, 'dead', () => taken.push(lane)),
    )
    await clock.advance(1_000)
    await Promise.all(attempts)

    expect(taken).toHaveLength(1)
  })

  it('leaves a lane to a page that claimed it at the same time, and later', async () => {
    const { store, clock, page } = start()
    const taken: string[] = []
    const attempt = claimLane(page('this').guard, 'dead', () => taken.push('dead'))
    const claim = `${clock.now() + 1_000}:rival`
    store.set('lease:dead:claim', claim)
    await clock.advance(100)
    await attempt

    expect(taken).toEqual([])
    expect(store.get('lease:dead:claim')).toBe(claim)
  })

  it('takes over a lane whose claimant died as well', async () => {
    const { store, clock, page } = start()
    store.set('lease:dead:claim', `${clock.now() - 1}:gone`)
    const taken: string[] = []
    const attempt = claimLane(page('this').guard, 'dead', () => taken.push('dead'))
    await clock.advance(100)
    await attempt

    expect([taken, store.keys('')]).toEqual([['dead'], []])
  })

  it('gives way to a page that woke up in time', async () => {
    const { clock, page } = start()
    const sleeper = page('sleeper')
    const taken: string[] = []
    const attempt = claimLane(page('this').guard, 'sleeper', () => taken.push('sleeper'))
    sleeper.use()
    await clock.advance(100)
    await attempt

    expect(taken).toEqual([])
  })

  it('says nothing more once it is released', async () => {
    const { store, clock, page } = start()
    const left = page('left')
    left.use()
    left.guard.release()
    await clock.advance(100_000)

    expect([clock.timers, store.keys('')]).toEqual([0, []])
  })

  it('has a lease again when the page comes back', async () => {
    const { store, page } = start()
    const back = page('back')
    back.use()
    back.guard.release()
    back.guard.hold()
    expect(store.keys('')).toEqual([])
    back.guard.wake()
    back.guard.hold()

    expect(store.keys('')).toEqual(['lease:back'])
  })
})

describe('a lane that holds something and hears of nothing new', () => {
  it('is kept for some hours and then left to others, so that running all timers ends', async () => {
    const clock = createFakeClock()
    const store = createMemoryStore()
    const options = { store, clock, prefix: 'lease:', lane: 'page', isUsed: () => true }
    const guard = createLeaseGuard(options)
    guard.hold()
    await clock.advance(2 * 3_600_000)
    expect(store.get('lease:page')).toBeDefined()

    await clock.advance(3_600_000)
    expect(store.get('lease:page')).toBeUndefined()
    guard.hold()
    expect(store.get('lease:page')).toBeDefined()
  })
})
