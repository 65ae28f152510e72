import { settled } from '@sluice/testing'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createPageOutbox } from '../src/page-outbox'
import { createFakeLocks } from './support/fake-locks'

afterEach(() => {
  vi.unstubAllGlobals()
  localStorage.clear()
})

function start(options = {}) {
  const locks = createFakeLocks()
  vi.stubGlobal('navigator', { onLine: true, locks })
  const page = createPageOutbox('wk', options)
  const show = () => window.dispatchEvent(Object.assign(new Event('pageshow'), { persisted: true }))
  return { locks, page, show, hide: () => window.dispatchEvent(new Event('pagehide')) }
}

describe('the lane of a page', () => {
  it('is held from its first event on', async () => {
    const { locks, page } = start()
    expect(locks.held.size).toBe(0)
    page.outbox.put('a', '{}')

    expect(locks.held.size).toBe(1)
  })

  it('is let go while the page sleeps, and held again when it wakes with events', async () => {
    const { locks, page, hide, show } = start()
    page.outbox.put('a', '{}')
    hide()
    await settled()
    expect(locks.held.size).toBe(0)
    page.outbox.remove('a')
    page.outbox.put('b', '{}')
    expect(locks.held.size).toBe(0)
    show()

    expect(locks.held.size).toBe(1)
  })

  it('is not held where nothing is kept', () => {
    const { locks, page } = start({ disableClientPersistence: true })
    page.outbox.put('a', '{}')

    expect([locks.held.size, localStorage.length]).toEqual([0, 0])
  })
})
