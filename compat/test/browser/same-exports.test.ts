import { describe, expect, it } from 'vitest'
import { agrees } from '../../src/browser/agreement'
import { onPage, type Page } from '../../src/browser/page'
import { browserSegment, browserSluice } from '../../src/browser/subjects'

/** The names of an object and of what it inherits, with the kinds of their values. */
function namesOf(value: object): Map<string, string> {
  const names = new Map<string, string>()
  const ends: unknown[] = [Object.prototype, Function.prototype, null]
  for (let at = value; !ends.includes(at); at = Object.getPrototypeOf(at)) {
    for (const name of Object.getOwnPropertyNames(at)) names.set(name, typeof Reflect.get(value, name))
  }
  return names
}

/** What the peer has and ours has not, or has as something else. */
async function missing(
  of: (page: Page) => Promise<{ value: object }> | { value: object },
): Promise<string[]> {
  const found: Map<string, string>[] = []
  for (const subject of [browserSegment, browserSluice]) {
    await onPage(subject, {}, async (page) => void found.push(namesOf((await of(page)).value)))
  }
  const [segment = new Map<string, string>(), sluice = new Map<string, string>()] = found
  expect(segment.size).toBeGreaterThan(0)
  const differing = [...segment].filter(([name, kind]) => sluice.get(name) !== kind).map(([name]) => name)
  return differing
    .filter((name) => !(name.startsWith('_') || innerNames.has(name) || leftOut.has(name)))
    .sort()
}

// Names of the first generation, which ours leaves out: most did nothing but warn.
const leftOut = new Set([
  'Integrations',
  'plugins',
  'add',
  'addEventListener',
  'addIntegration',
  'addIntegrationMiddleware',
  'hasListeners',
  'listeners',
  'log',
  'removeAllListeners',
  'removeEventListener',
  'removeListener',
  // There, but not as a class: nobody makes one.
  'AnalyticsNode',
])

// Names that the peer's types call private, or that it says are its own by a leading `_`.
const innerNames = new Set([
  'createStore',
  'callbacks',
  'warned',
  'warnIfPossibleMemoryLeak',
  'anonKey',
  'cookieOptions',
  'createStorage',
  'idKey',
  'identityStore',
  'legacySIO',
  'legacyUserStore',
  'traitsKey',
  'traitsStore',
  'stores',
  'addIdentity',
  'baseEvent',
  'context',
  'maybeUpdateAnonId',
  'user',
])

describe('every name of the peer is there', () => {
  it('in the entry', async () => {
    expect(await missing(({ library }) => ({ value: { ...library } }))).toEqual([])
  })

  it('on AnalyticsBrowser', async () => {
    expect(await missing(({ library }) => ({ value: library.AnalyticsBrowser }))).toEqual([])
    expect(await missing(({ library }) => ({ value: new library.AnalyticsBrowser() }))).toEqual([])
  })

  it('on what load answers', async () => {
    expect(await missing((page) => ({ value: page.load() }))).toEqual([])
  })

  it('on the client', async () => {
    expect(await missing(async (page) => ({ value: await page.start() }))).toEqual([])
  })

  it.each(['User', 'Group'] as const)('on a %s', async (name) => {
    expect(await missing(({ library }) => ({ value: new library[name]() }))).toEqual([])
  })

  it('on storage, contexts, cancelations and the event factory', async () => {
    expect(await missing(({ library }) => ({ value: new library.UniversalStorage([]) }))).toEqual([])
    expect(await missing(({ library }) => ({ value: library.Context.system() }))).toEqual([])
    expect(await missing(({ library }) => ({ value: new library.ContextCancelation({}) }))).toEqual([])
    expect(await missing(({ library }) => ({ value: new library.EventFactory(new library.User()) }))).toEqual(
      [],
    )
  })
})

describe('the entry', () => {
  agrees('sends what it is told', async (page) => {
    const client = await page.start()
    const { emitted } = page.listen(client)
    const ctx = await page.value(client.track('Bought', { price: 1 }))
    return {
      requests: page.requests,
      kept: page.kept(),
      emitted,
      ctx,
    }
  })

  agrees('has static defaults and instances that are told apart', async ({ library }) => {
    const { User, Analytics, NullAnalytics, Context, ContextCancelation } = library
    const client = new Analytics({ writeKey: 'k' })
    return {
      user: User.defaults,
      isUser: client.user() instanceof User,
      isAnalytics: new NullAnalytics() instanceof Analytics,
      isContext: Context.system() instanceof Context,
      cancelation: { ...new ContextCancelation({}) },
      given: { ...new ContextCancelation({ retry: false, type: 't', reason: 'r' }) },
    }
  })

  agrees('knows the plugins that take middleware', async ({ library }) => {
    const { isDestinationPluginWithAddMiddleware } = library
    const addMiddleware = () => {}
    return [
      { type: 'destination', addMiddleware },
      { type: 'enrichment', addMiddleware },
      { type: 'destination' },
    ].map(isDestinationPluginWithAddMiddleware)
  })

  agrees('refuses to be the Node library', (page) =>
    page.settled(page.library.AnalyticsNode.load({ writeKey: 'k' })).then((end) => typeof end),
  )

  agrees('finds the client of the page', async ({ library }) => {
    const before = library.getGlobalAnalytics()
    Reflect.set(globalThis, 'analytics', { mine: true })
    return [before, library.getGlobalAnalytics()]
  })

  agrees('finds it under another name', async (page) => {
    Reflect.set(globalThis, 'other', { mine: true })
    await page.start({ globalAnalyticsKey: 'other' })
    const found = page.library.getGlobalAnalytics()
    // The name is kept for as long as the library is there, so it is given back.
    await page.start({ globalAnalyticsKey: 'analytics' })
    Reflect.deleteProperty(globalThis, 'other')
    return found
  })
})
