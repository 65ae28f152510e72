import { describe } from 'vitest'
import { agrees } from '../../src/browser/agreement'
import type { Page } from '../../src/browser/page'

const seen = (page: Page) =>
  page.sent().map(({ type, event, userId, anonymousId, traits, properties }) => ({
    type,
    event,
    userId,
    anonymousId,
    traits,
    properties,
  }))

const queries = [
  '?ajs_uid=u',
  '?ajs_uid=u&ajs_trait_name=Jane&ajs_trait_plan=pro',
  '?ajs_aid=visitor',
  '?ajs_event=Clicked&ajs_prop_a=1&ajs_prop_b=x%20y+z',
  '?ajs_aid=visitor&ajs_uid=u&ajs_event=Clicked&ajs_prop_a=1&ajs_trait_b=2',
  '?ajs_uid=a&ajs_uid=b',
  '?ajs_uid=%ZZ',
  '?ajs_uid=',
  '?ajs_trait_a=1',
  '?a=1&ajs_event=With+spaces',
  '?ajs_uid=u&ajs_trait_=empty&ajs_trait_a.b=dotted',
]

describe('a link', () => {
  for (const query of queries) {
    agrees(
      `asks for calls: ${query}`,
      async (page) => {
        const client = await page.start()
        await page.pass(100)
        return [seen(page), client.user().id(), client.user().anonymousId()]
      },
      { url: `https://www.example.com/${query}` },
    )
  }

  for (const hash of ['#?ajs_uid=u', '#/route?ajs_event=E', '#/a?b?ajs_uid=u', '#ajs_uid=u']) {
    agrees(
      `asks for them in its hash: ${hash}`,
      async (page) => {
        await page.start()
        await page.pass(100)
        return seen(page)
      },
      { url: `https://www.example.com/${hash}` },
    )
  }

  agrees(
    'does not in its hash if it has a query',
    async (page) => {
      await page.start()
      await page.pass(100)
      return seen(page)
    },
    { url: 'https://www.example.com/?a=1#?ajs_uid=u' },
  )

  for (const useQueryString of [
    true,
    false,
    { uid: /^\d+$/ },
    { uid: /^u/ },
    { aid: /^visitor$/ },
    { aid: /^x/, uid: /^x/ },
    {},
  ]) {
    agrees(
      `may ask for what ${JSON.stringify(useQueryString, (_, value) => (value instanceof RegExp ? String(value) : value))} allows`,
      async (page) => {
        await page.start({ useQueryString })
        await page.pass(100)
        return seen(page)
      },
      { url: 'https://www.example.com/?ajs_uid=u&ajs_aid=visitor&ajs_event=E' },
    )
  }

  agrees(
    'comes before other calls',
    async (page) => {
      const analytics = page.load()
      await page.value(analytics.track('Mine'))
      await page.pass(100)
      return seen(page)
    },
    { url: 'https://www.example.com/?ajs_uid=u&ajs_aid=visitor' },
  )

  agrees(
    'passes source middleware that was added before',
    async (page) => {
      const analytics = page.load()
      void analytics.addSourceMiddleware(({ payload, next }) => {
        payload.obj.event = 'Changed'
        next(payload)
      })
      await page.value(analytics)
      await page.pass(100)
      return seen(page)
    },
    { url: 'https://www.example.com/?ajs_event=E' },
  )
})

describe('queryString', () => {
  for (const query of [...queries, 'ajs_uid=u', 'https://other.example.com/?ajs_uid=u', '', '#?ajs_uid=u']) {
    agrees(`makes the calls of ${query || 'nothing'}`, async (page) => {
      const client = await page.start()
      const contexts = await page.value(client.queryString(query))
      return [contexts, seen(page)]
    })
  }

  agrees('makes none if links may ask for nothing', async (page) => {
    const client = await page.start({ useQueryString: false })
    return [await page.value(client.queryString('?ajs_uid=u')), seen(page)]
  })
})
