/** What a host has besides the needful may be broken: extensions and pages replace it, and browsers deny it. */
import { afterEach, describe, expect, it, vi } from 'vitest'
import { startServer } from './support/fake-server'
import { advance, load, settled, useFreshPages } from './support/start-page'

useFreshPages()

const broken = () => {
  throw new TypeError('broken')
}

function breakNavigator(name: string, by: PropertyDescriptor): void {
  Object.defineProperty(navigator, name, { configurable: true, ...by })
}

function breakDocument(name: string): void {
  Object.defineProperty(document, name, { configurable: true, get: broken })
}

afterEach(() => {
  for (const name of ['title', 'referrer', 'querySelector']) Reflect.deleteProperty(document, name)
  for (const name of ['userAgentData', 'language', 'userAgent', 'locks'])
    Reflect.deleteProperty(navigator, name)
  vi.unstubAllGlobals()
})

describe('an event arrives though', () => {
  it.each<[string, () => void]>([
    ['client hints have no toJSON', () => breakNavigator('userAgentData', { value: {} })],
    ['client hints cannot be read', () => breakNavigator('userAgentData', { get: broken })],
    [
      'no event can carry client hints',
      () => breakNavigator('userAgentData', { value: { toJSON: () => ({ a: 1n }) } }),
    ],
    ['the language is no text', () => breakNavigator('language', { value: { a: 1n } })],
    ['the name of the browser is no text', () => breakNavigator('userAgent', { value: { a: 1n } })],
    ['the title cannot be read', () => breakDocument('title')],
    ['the referrer cannot be read', () => breakDocument('referrer')],
    ['nothing can be found on the page', () => breakDocument('querySelector')],
    ['the language cannot be read', () => breakNavigator('language', { get: broken })],
    ['the browser does not say what it is', () => breakNavigator('userAgent', { get: broken })],
    ['locks cannot be read', () => breakNavigator('locks', { get: broken })],
    ['locks have no request', () => breakNavigator('locks', { value: {} })],
    ['a lock cannot be asked for', () => breakNavigator('locks', { value: { request: broken } })],
    ['a request for a lock answers nothing', () => breakNavigator('locks', { value: { request() {} } })],
    ['nobody hears of changes of cookies', () => vi.stubGlobal('cookieStore', { addEventListener: broken })],
    ['the cookie store is none', () => vi.stubGlobal('cookieStore', {})],
    ['crypto throws', () => vi.stubGlobal('crypto', { randomUUID: broken, getRandomValues: broken })],
    ['crypto has nothing', () => vi.stubGlobal('crypto', {})],
    ['there is no Intl', () => vi.stubGlobal('Intl', undefined)],
  ])('%s', async (_, breakIt) => {
    const server = startServer()
    breakIt()
    const analytics = load()

    analytics.track('A')
    await settled()

    expect(server.names).toEqual(['A'])
    expect(server.events[0]?.messageId).toMatch(/^ajs-next-\d+-[\da-f-]{36}$/)
  })

  it('client hints never come', async () => {
    const server = startServer()
    breakNavigator('userAgentData', {
      value: { toJSON: () => ({ mobile: false }), getHighEntropyValues: () => new Promise(() => {}) },
    })

    load({ highEntropyValuesClientHints: ['model'] }).track('A')
    await advance(500)

    expect(server.events).toMatchObject([{ event: 'A', context: { userAgentData: { mobile: false } } }])
  })
})
