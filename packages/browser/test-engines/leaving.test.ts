/** The visitor leaves right after something was tracked: it arrives now, not with the next visit. */
import { createDevServer } from '@sluice/dev-server'
import { createTestClient } from '@sluice/dev-server/testing'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import type { Engine, Tab } from '../../../scripts/lib/engines/engine.mjs'
import { starters } from '../../../scripts/lib/engines/start-engines.mjs'
import { configFor, type Strategy, strategies } from '../test-chromium/support/config'
import { startSite } from '../test-chromium/support/start-site'

const engineName = process.env.ENGINE_UNDER_TEST === 'WebKit' ? 'WebKit' : 'Firefox'

let engine: Engine

beforeAll(async () => {
  engine = await starters[engineName]()
})

afterAll(() => engine?.close())

/** A new visitor on a page of a shop, whose library is ready and has nothing sent to the Tracking API yet. */
async function visitShop(strategy: Strategy) {
  const server = await createDevServer({ port: 0, memory: true })
  onTestFinished(() => server.close())
  const api = createTestClient(server.url)
  const site = await startSite({ config: configFor(server.url, { strategy }) })
  onTestFinished(() => site.close())
  const visitor = await engine.newVisitor()
  onTestFinished(() => visitor.leave())
  const open = async () => {
    const tab = await visitor.open(`${site.url}/one`)
    await expect.poll(() => tab.evaluate('window.shop && window.shop.isLoaded')).toBe(true)
    return tab
  }
  /** The server has these, and nothing of them is kept on the next page. */
  const expectAll = async (names: string[], next: Tab) => {
    await next.evaluate(`void window.shop.track(['Last'])`)
    await api.waitFor({ event: 'Last' }, { timeoutMs: 20_000 })
    await expect.poll(() => next.evaluate(countKept)).toBe(0)
    const arrived = (await api.events({ type: 'track', limit: 100 })).map(({ event }) => event)
    expect(arrived.sort()).toEqual([...names, 'Last'].sort())
  }
  return {
    api,
    expectAll,
    tab: await open(),
    /** The server has these before anybody comes back, and no others when somebody did. */
    async expectNow(names: string[]) {
      await api.waitFor({ type: 'track' }, { count: names.length, timeoutMs: 20_000 })
      await expectAll(names, await open())
    },
  }
}

const countKept = `Object.keys(localStorage).filter((key) => key.startsWith('sluice:outbox:')).length`

const names = (count: number) => Array.from({ length: count }, (_, index) => `Event ${index + 1}`)

/** A page without the library. */
const elsewhere = '/favicon.ico'

/** What is tracked when the element is used, which leads away. */
const onUse = (html: string, type: string, events: string[]) => `void (() => {
  document.body.innerHTML = '${html}'
  document.body.firstChild.addEventListener('${type}', () => window.shop.track(${JSON.stringify(events)}))
})()`

const ways: [what: string, leave: (tab: Tab, events: string[]) => Promise<void>][] = [
  [
    'a click on a link',
    async (tab, events) => {
      await tab.evaluate(onUse(`<a href="${elsewhere}">Leave</a>`, 'click', events))
      await tab.click('a')
    },
  ],
  [
    'a form that is posted',
    async (tab, events) => {
      const form = `<form action="${elsewhere}" method="post"><button>Send</button></form>`
      await tab.evaluate(onUse(form, 'submit', events))
      await tab.click('button')
    },
  ],
]

describe.each(strategies)('given %s delivery', (strategy) => {
  it.each(ways)('has what was tracked by %s before anybody comes back', async (_what, leave) => {
    const { tab, expectNow } = await visitShop(strategy)
    const events = names(5)

    await leave(tab, events)

    await expectNow(events)
  })

  it('has what was tracked by a click on a link to the next page, and has it once', async () => {
    const { tab, api, expectAll } = await visitShop(strategy)
    const events = names(5)

    await tab.evaluate(onUse('<a href="/two">Go on</a>', 'click', events))
    await tab.click('a')
    await expect.poll(() => tab.evaluate('location.pathname')).toBe('/two')
    await expect.poll(() => tab.evaluate('window.shop && window.shop.isLoaded')).toBe(true)

    await expectAll(events, tab)
    expect(await api.counts()).toMatchObject({ duplicates: 0 })
  })
})

it('lets a page sleep whose events have been delivered, and wakes it', async () => {
  const { tab, api } = await visitShop('standard')
  await tab.evaluate(`void window.shop.track(['One'])`)
  await api.waitFor({ event: 'One' })
  await expect.poll(() => tab.evaluate(countKept)).toBe(0)

  await tab.evaluate(`void (location.href = '/two')`)
  await expect.poll(() => tab.evaluate('location.pathname')).toBe('/two')
  await expect.poll(() => tab.evaluate('window.shop && window.shop.isLoaded')).toBe(true)
  await tab.evaluate('void history.back()')
  await expect
    .poll(() => tab.evaluate(`location.pathname + ' ' + (window.shop && window.shop.isBack)`))
    .toBe('/one true')
})
