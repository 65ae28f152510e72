import { describe, expect, it } from 'vitest'
import type { PageClient } from '../../src/browser/library'
import { onPage, type Page, type PageSetting } from '../../src/browser/page'
import { browserSegment, browserSluice } from '../../src/browser/subjects'
import { fields } from '../../src/fields'
import type { Fields } from '../../src/library'
import { plugin } from '../../src/plugins'
import { type Random, seededRandom } from '../../src/random'

/**
 * Made-up visits: pages, options, plugins and calls, one after the other, in both libraries. What the server gets, what
 * listeners hear and what is kept must be the same. Left out is what ours does otherwise on purpose: ids given to a
 * single call, `alias` of a known user, identifying nobody, a group that is
 * changed for a visitor who was here before, ads.
 */
describe('given the same visit', () => {
  it.each(Array.from({ length: 150 }, (_, i) => i + 1))(
    'both libraries do the same (seed %i)',
    async (seed) => {
      const setting = makeSetting(seededRandom(seed))
      const visit = (page: Page) => makeVisit(page, seededRandom(seed + 10_000))

      const segment = await onPage(browserSegment, setting, visit)
      const sluice = await onPage(browserSluice, setting, visit)

      expect(sluice).toEqual(segment)
    },
  )
})

function makeSetting(random: Random): PageSetting {
  const query = random.pick([
    '',
    '?a=1',
    '?utm_source=s&utm_campaign=c+d',
    '?q=%20x',
    '?ajs_uid=link&ajs_trait_x=1',
  ])
  const hash = random.pick(['', '#top', '#/route'])
  return {
    url: `https://${random.pick(['www.example.com', 'example.com', 'shop.example.co.uk', 'localhost'])}${random.pick(['/', '/a/b', '/ü'])}${query}${hash}`,
    title: random.pick(['', 'Title', 'Tïtle "q"']),
    referrer: random.pick(['', 'https://from.example.org/x?y']),
    ...(random.next() < 0.3 && {
      canonical: random.pick(['https://canon.example.com/x', '/canon', 'canon?z=1']),
    }),
    ...(random.next() < 0.3 && {
      cookies: { ajs_user_id: 'cookie-user', ajs_anonymous_id: 'cookie-visitor' },
    }),
    ...(random.next() < 0.3 && {
      localStorage: { ajs_user_id: '"cookie-user"', ajs_user_traits: '{"old":true}' },
    }),
    replies: [200],
  }
}

async function makeVisit(page: Page, random: Random): Promise<unknown> {
  const options = {
    ...random.maybe({ integrations: makeIntegrations(random) }),
    ...(random.next() < 0.2 && { disableClientPersistence: true }),
    ...(random.next() < 0.2 && {
      storage: { stores: random.pick([['cookie', 'memory'], ['localStorage', 'memory'], ['memory']]) },
    }),
    ...(random.next() < 0.2 && { cookie: { maxage: 30, sameSite: 'Strict' } }),
    ...(random.next() < 0.2 && { initialPageview: true }),
  }
  const client = await page.start(options)
  await page.pass(1_000)
  const { emitted } = page.listen(client)
  await page.value(client.register(...makePlugins(random)))
  const ends: unknown[] = []
  const calls = 2 + Math.floor(random.next() * 6)
  for (let i = 0; i < calls; i += 1) {
    ends.push(await page.settled(makeCall(client, random)))
    // The time that a call takes is not compared: the peer lets timers go by before destinations.
    await page.pass(1_000 - (Date.now() % 1_000))
    if (random.next() < 0.2) page.go(`${location.origin}/next${i}?utm_term=t${i}`)
    if (random.next() < 0.1) client.reset()
  }
  const { localStorage, cookies } = page.kept()
  return {
    ends,
    emitted,
    requests: page.deliveries().map(({ at, ...request }) => ({
      ...request,
      body: { ...fields(request.body), sentAt: 0, timestamp: 0 },
    })),
    cookies,
    localStorage: Object.fromEntries(Object.entries(localStorage).filter(([, text]) => text !== '{}')),
    user: [client.user().id(), client.user().traits(), client.group().id(), client.group().traits()],
  }
}

function makeIntegrations(random: Random): Fields {
  return {
    ...random.maybe({ p0: random.pick([true, false, { a: 1 }]) }),
    ...(random.next() < 0.2 && { All: random.pick([true, false]) }),
    ...(random.next() < 0.3 && { 'Segment.io': random.pick([true, { apiHost: 'api.example.com/v1' }]) }),
  }
}

function makePlugins(random: Random) {
  return Array.from({ length: Math.floor(random.next() * 4) }, (_, i) => {
    const change = random.pick(['properties.added', 'context.added', 'anonymousId'])
    const type = random.pick(['before', 'enrichment', 'destination', 'after'])
    const hook = (ctx: { updateEvent(path: string, value: unknown): unknown }) => {
      // What destinations change may come before or after the request is made.
      if (type === 'before' || type === 'enrichment') ctx.updateEvent(change, `p${i}`)
      return ctx
    }
    const hooks = { track: hook, page: hook, screen: hook, identify: hook, group: hook, alias: hook }
    return plugin(type, `p${i}`, undefined, hooks)
  })
}

function makeCall(client: PageClient, random: Random): Promise<unknown> {
  const data = makeData(random)
  const options = makeOptions(random)
  switch (random.pick(['track', 'track', 'page', 'screen', 'identify', 'group', 'object'])) {
    case 'track':
      return client.track(random.pick(['E', 'Order Completed', 'ü']), data, options)
    case 'page':
      return client.page(
        ...random.pick([['N'], ['C', 'N'], ['N', data], ['C', 'N', data, options], [data, options]]),
      )
    case 'screen':
      return client.screen(...random.pick([['N'], ['C', 'N', data, options]]))
    case 'identify':
      return client.identify(random.pick(['u1', 'u2', 7]), data, options)
    case 'group':
      return client.group(random.pick(['g1', 'g2', 7]), data, options)
    default:
      return client.track({ event: 'Object', properties: data }, options)
  }
}

function makeData(random: Random): Fields {
  return {
    ...random.maybe({ price: random.pick([1, 9.5, null]) }),
    ...random.maybe({ nested: { list: [1, 'a', { deep: true }] } }),
    ...random.maybe({ empty: '', none: undefined }),
    ...(random.next() < 0.2 && { title: 'Mine', url: 'mine' }),
  }
}

function makeOptions(random: Random): Fields {
  return {
    ...(random.next() < 0.2 && { integrations: makeIntegrations(random) }),
    ...(random.next() < 0.2 && { context: { ip: '1.2.3.4', page: { extra: 1 } } }),
    ...(random.next() < 0.2 && { ip: '5.6.7.8', 'a.b': 1 }),
    ...(random.next() < 0.2 && { anonymousId: random.pick(['a1', 'a2']) }),
    ...(random.next() < 0.2 && { messageId: 'mine', timestamp: new Date(1) }),
  }
}
