import { afterEach, describe, expect, it, vi } from 'vitest'
import { createPageLifecycle } from '../../src/adapters/page-lifecycle'

afterEach(() => vi.restoreAllMocks())

const hide = (state: 'hidden' | 'visible') => {
  vi.spyOn(document, 'visibilityState', 'get').mockReturnValue(state)
  document.dispatchEvent(new Event('visibilitychange'))
}

describe('the life of a page', () => {
  it('is told of when the page is hidden or goes away, until nobody wants to know', () => {
    const left = vi.fn()
    const stop = createPageLifecycle().onLeave(() => left())
    hide('hidden')
    expect(left).toHaveBeenCalledTimes(1)
    hide('visible')
    expect(left).toHaveBeenCalledTimes(1)
    window.dispatchEvent(new Event('pagehide'))
    expect(left).toHaveBeenCalledTimes(2)

    stop()
    hide('hidden')
    window.dispatchEvent(new Event('pagehide'))

    expect(left).toHaveBeenCalledTimes(2)
  })

  it('is told of when the page goes away, not when it is merely hidden', () => {
    const gone = vi.fn()
    const stop = createPageLifecycle().onGone(() => gone())
    hide('hidden')
    expect(gone).not.toHaveBeenCalled()
    window.dispatchEvent(new Event('pagehide'))
    stop()
    window.dispatchEvent(new Event('pagehide'))

    expect(gone).toHaveBeenCalledTimes(1)
  })

  it('is told of when the page returns from the back/forward cache, not when it is merely shown', () => {
    const returned = vi.fn()
    const stop = createPageLifecycle().onReturn(() => returned())
    window.dispatchEvent(Object.assign(new Event('pageshow'), { persisted: false }))
    expect(returned).not.toHaveBeenCalled()
    window.dispatchEvent(Object.assign(new Event('pageshow'), { persisted: true }))
    expect(returned).toHaveBeenCalledTimes(1)
    stop()
    window.dispatchEvent(Object.assign(new Event('pageshow'), { persisted: true }))

    expect(returned).toHaveBeenCalledTimes(1)
  })

  it('knows whether there is a network, and when it is back', () => {
    const lifecycle = createPageLifecycle()
    const back = vi.fn()
    const stop = lifecycle.onOnline(() => back())
    const onLine = vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(false)
    expect(lifecycle.isOnline()).toBe(false)
    onLine.mockReturnValue(true)
    window.dispatchEvent(new Event('online'))
    stop()
    window.dispatchEvent(new Event('online'))

    expect([lifecycle.isOnline(), back.mock.calls.length]).toEqual([true, 1])
  })
})
