import { afterEach, describe, expect, it } from 'vitest'
import { startServer } from './support/fake-server'
import { advance, load, settled, stateOf, useFreshPages } from './support/start-page'

useFreshPages()

function prerender(): () => void {
  Object.defineProperty(document, 'prerendering', { value: true, configurable: true })
  return () => {
    Reflect.deleteProperty(document, 'prerendering')
    document.dispatchEvent(new Event('prerenderingchange'))
  }
}

afterEach(() => Reflect.deleteProperty(document, 'prerendering'))

describe('a page that the browser has loaded ahead', () => {
  it('sends, asks for and stores nothing while nobody sees it', async () => {
    prerender()
    const server = startServer()
    const analytics = load()
    analytics.page()
    analytics.identify('42', { plan: 'pro' })
    await advance(60_000)

    expect(server.names).toEqual([])
    expect([document.cookie, localStorage.length]).toEqual(['', 0])
    expect(await stateOf(analytics.user())).toBe('pending')
  })

  it('makes its calls in their order once it is shown', async () => {
    const show = prerender()
    const server = startServer()
    const analytics = load()
    analytics.page('Home')
    analytics.track('Seen')
    await settled()

    show()
    await settled()

    expect(server.names).toEqual(['page', 'Seen'])
  })

  it('is not one because an element has the name', async () => {
    Object.defineProperty(document, 'prerendering', {
      value: document.createElement('form'),
      configurable: true,
    })
    const server = startServer()
    load().track('Seen')
    await settled()

    expect(server.names).toEqual(['Seen'])
  })
})
