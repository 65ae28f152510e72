import { describe } from 'vitest'
import { agrees } from '../../src/browser/agreement'
import type { PageSetting } from '../../src/browser/page'
import { fields } from '../../src/fields'

const contexts = (sent: object[]) => sent.map((event) => fields(fields(event).context))

describe('the page of an event', () => {
  const pages: Record<string, PageSetting> = {
    'a usual one': {},
    'without query, title and referrer': { url: 'https://www.example.com/', title: '', referrer: '' },
    'with a canonical address': { canonical: 'https://canon.example.com/c' },
    'with a canonical address that has a query': { canonical: 'https://canon.example.com/c?x=1' },
    'with a canonical path': { canonical: '/canon/path' },
    'with a canonical word': { canonical: 'canon' },
    'with an empty canonical address': { canonical: '' },
    'with a canonical address that has a hash': { canonical: 'https://canon.example.com/c#x' },
    'with hash and question mark': { url: 'https://www.example.com/#/route?x=1' },
    'of a local server': { url: 'http://localhost:3000/a/b' },
  }
  for (const [name, setting] of Object.entries(pages)) {
    agrees(
      name,
      async (page) => {
        const client = await page.start()
        await page.value(client.track('E'))
        await page.value(client.page('N'))
        await page.value(client.screen('N'))
        return page.sent().map(({ context, properties }) => [fields(context).page, properties])
      },
      setting,
    )
  }

  agrees('is the one at the time of the call', async (page) => {
    const client = await page.start()
    const sent = [client.track('A')]
    page.go('https://www.example.com/next?b=2')
    document.title = 'Next'
    sent.push(client.track('B'), client.page())
    await page.value(Promise.all(sent))
    return page.sent().map(({ context, properties }) => [fields(context).page, properties])
  })

  agrees('is the one at the time of a call before load', async (page) => {
    const analytics = page.load()
    const sent = [analytics.track('A'), analytics.page('P')]
    page.go('https://www.example.com/next?b=2')
    await page.value(Promise.all(sent))
    return page.sent().map(({ context, properties }) => [fields(context).page, properties])
  })

  const given: Record<string, [unknown, unknown?]> = {
    'properties of the page': [{ url: 'mine', title: null, path: undefined, search: '', referrer: 'r' }],
    'options of the page': [{}, { page: { title: 'Mine', extra: 1 } }],
    'a context of the page': [{}, { context: { page: { title: 'Mine' } } }],
    'all of them': [
      { title: 'P', url: 'P' },
      { page: { title: 'O' }, context: { page: { url: 'C' } } },
    ],
    'a search that is an object': [{ search: { a: '1', b: ['2', '3'] } }],
  }
  for (const [name, [properties, options]] of Object.entries(given)) {
    agrees(`is overridden by ${name}`, async (page) => {
      const client = await page.start()
      await page.value(client.page('N', properties, options))
      await page.value(client.track('E', properties, options))
      return page.sent().map(({ context, properties }) => [fields(context).page, properties])
    })
  }
})

describe('the campaign', () => {
  for (const search of [
    '',
    '?',
    '?a=1',
    '?utm_source=s&utm_medium=m&utm_campaign=c&utm_term=t&utm_content=x',
    '?utm_source=a+b%20c&utm_x=%ZZ',
    '?utm_source=a&utm_source=b',
    '?utm_source',
    '?utm_=x&utm_a=y',
    '?my_utm_source=z&xutm_source=q',
    '?a=1?utm_source=s',
    '?utm_source=s#frag',
    '?UTM_SOURCE=s',
    '?utm_source=%C3%BC',
    '?utm_source=&utm_medium',
    '?&&utm_source=s&&',
    '?utm_name=a&utm_campaign=b',
  ]) {
    agrees(
      `of ${search || 'no query'}`,
      async (page) => {
        const client = await page.start()
        await page.value(client.track('E'))
        return contexts(page.sent()).map(({ campaign }) => campaign ?? 'none')
      },
      { url: `https://www.example.com/${search}` },
    )
  }

  agrees(
    'of the caller stays',
    async (page) => {
      const client = await page.start()
      await page.value(client.track('E', {}, { campaign: { source: 'mine' } }))
      await page.value(client.track('E', {}, { context: { campaign: {} } }))
      return contexts(page.sent()).map(({ campaign }) => campaign)
    },
    { url: 'https://www.example.com/?utm_source=s' },
  )

  agrees('is read from the search that the caller gives', async (page) => {
    const client = await page.start()
    await page.value(client.page({ search: '?utm_source=mine' }))
    await page.value(client.page({ search: { utm_source: 'object', utm_term: ['1', '2'] } }))
    await page.value(client.page({ search: 'utm_source=bare' }))
    return contexts(page.sent()).map(({ campaign }) => campaign)
  })
})

describe('the ad referrer', () => {
  for (const search of ['?btid=a', '?urid=b', '?btid=a&urid=b', '?urid=b&btid=a', '?btid=']) {
    agrees(
      `of ${search} is told and kept`,
      async (page) => {
        const client = await page.start()
        await page.value(client.track('E'))
        page.go('https://www.example.com/next')
        await page.value(client.track('F', {}, { referrer: { url: 'mine' } }))
        const { value } = page.kept().cookies['s%3Acontext.referrer'] ?? {}
        return [contexts(page.sent()).map(({ referrer }) => referrer), value]
      },
      { url: `https://www.example.com/${search}` },
    )
  }

  agrees(
    'of an earlier page is told',
    async (page) => {
      const client = await page.start()
      await page.value(client.track('E'))
      return contexts(page.sent()).map(({ referrer }) => referrer)
    },
    {
      cookies: { 's%3Acontext.referrer': '{%22id%22:%22old%22%2C%22type%22:%22dataxu%22}' },
    },
  )

  agrees(
    'is not kept if nothing may be',
    async (page) => {
      const client = await page.start({ disableClientPersistence: true })
      await page.value(client.track('E'))
      return [contexts(page.sent()).map(({ referrer }) => referrer), page.kept()]
    },
    { url: 'https://www.example.com/?btid=a' },
  )
})

describe('the environment', () => {
  agrees('is told by all six types', async (page) => {
    const client = await page.start()
    await page.value(client.track('E'))
    await page.value(client.page())
    await page.value(client.screen())
    await page.value(client.identify('u'))
    await page.value(client.group('g'))
    await page.value(client.alias('to'))
    return contexts(page.sent())
  })

  agrees(
    'tells an AMP id',
    async (page) => {
      const client = await page.start()
      await page.value(client.track('E'))
      return contexts(page.sent()).map(({ amp }) => amp)
    },
    { cookies: { _ga: 'amp-123' } },
  )

  agrees(
    'tells no other id of that cookie',
    async (page) => {
      const client = await page.start()
      await page.value(client.track('E'))
      return contexts(page.sent()).map(({ amp }) => amp ?? 'none')
    },
    { cookies: { _ga: 'GA1.2.3' } },
  )

  agrees(
    'tells the language of old browsers',
    async (page) => {
      const client = await page.start()
      await page.value(client.track('E'))
      return contexts(page.sent()).map(({ locale }) => locale)
    },
    { navigator: { userLanguage: 'fr-CA' } },
  )

  const low = { brands: [{ brand: 'B', version: '1' }], mobile: false, platform: 'Linux' }
  const hinting = (high: (hints: string[]) => Promise<object>) => ({
    navigator: { userAgentData: { ...low, toJSON: () => low, getHighEntropyValues: high } },
  })

  agrees(
    'tells low-entropy hints',
    async (page) => {
      const client = await page.start()
      await page.value(client.track('E'))
      return contexts(page.sent()).map(({ userAgentData }) => userAgentData)
    },
    hinting(async () => ({ never: true })),
  )

  agrees(
    'tells the hints that are asked for',
    async (page) => {
      const client = await page.start({ highEntropyValuesClientHints: ['architecture', 'model'] })
      await page.value(client.track('E'))
      return contexts(page.sent()).map(({ userAgentData }) => userAgentData)
    },
    hinting(async (hints) => ({ ...low, hints })),
  )

  agrees(
    'tells low-entropy hints when the browser refuses more',
    async (page) => {
      const client = await page.start({ highEntropyValuesClientHints: ['architecture'] })
      await page.value(client.track('E'))
      return contexts(page.sent()).map(({ userAgentData }) => userAgentData ?? 'none')
    },
    hinting(() => Promise.reject(new Error('no'))),
  )

  agrees('comes from a plugin with a name', async (page) => {
    const client = await page.start()
    return client.queue.plugins.map(({ name, type, version }) => [name, type, version])
  })
})
