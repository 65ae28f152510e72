import { createDevServer, type Notice } from '@sluice/dev-server'
import { createTestClient, DevServerError, type TestClient } from '@sluice/dev-server/testing'
import type { Page } from 'playwright-core'
import { expect, onTestFinished } from 'vitest'
import { type Config, type ConfigOptions, configFor } from './config'
import { type BrowserOptions, startBrowser, type VisitorsBrowser } from './start-browser'
import { type Site, type SiteOptions, startSite } from './start-site'

/** A visitor's browser, a web site, and the Tracking API it sends to. */
export interface Scene {
  readonly browser: VisitorsBrowser
  readonly site: Site
  readonly api: TestClient
  /** Of the Tracking API. */
  readonly apiURL: string
  /** What the site's pages load the library with. */
  readonly config: Config
  /** What has arrived at the Tracking API, request by request. */
  readonly notices: readonly Notice[]
  /** Opens a tab on a page of the site, once the tab is prepared. */
  open(path: string, prepare?: (page: Page) => Promise<unknown>): Promise<Page>
  /** Opens a tab on a page of the site, and waits until the library there is ready. */
  visit(path: string): Promise<Page>
  /** The visitor goes on to a page of the site in the same tab; waits until the library there is ready. */
  goOn(page: Page, path: string): Promise<void>
  /**
   * The visitor tracks one more event on this page; then nothing is left unsent, and the server has each of `names`
   * once. No request brought one of them again, unless `mayRepeat`: for pages that died with a request under way.
   */
  expectEachOnce(page: Page, names: readonly string[], options?: { mayRepeat?: boolean }): Promise<void>
}

export interface SceneOptions extends BrowserOptions, ConfigOptions {
  /** Given the URL of the Tracking API. */
  site?(apiURL: string): Omit<SiteOptions, 'config'>
}

/** Longest wait for what must come, in ms. */
const patienceMs = 20_000

/** Sets the scene for one test, and clears it away when the test is over. */
export async function startScene(given: SceneOptions = {}): Promise<Scene> {
  const server = await createDevServer({ port: 0, memory: true })
  onTestFinished(() => server.close())
  const notices: Notice[] = []
  server.onArrival((notice) => notices.push(notice))
  const api = createTestClient(server.url)

  const config = configFor(server.url, given)
  const site = await startSite({ ...given.site?.(server.url), config })
  onTestFinished(() => site.close())
  const browser = await startBrowser(given)
  onTestFinished(() => browser.close())

  const open: Scene['open'] = async (path, prepare) => {
    const page = await browser.context.newPage()
    await prepare?.(page)
    await page.goto(site.url + path)
    return page
  }

  return {
    browser,
    site,
    api,
    apiURL: server.url,
    config,
    notices,
    open,

    async visit(path) {
      const page = await open(path)
      await untilLoaded(page)
      return page
    },

    async goOn(page, path) {
      await page.goto(site.url + path)
      await untilLoaded(page)
    },

    async expectEachOnce(page, names, { mayRepeat = false } = {}) {
      const expected = [...names, 'Last Event']
      await track(page, ['Last Event'])
      await api
        .waitFor({ type: 'track' }, { count: expected.length, timeoutMs: patienceMs })
        .catch((cause) => {
          // What has arrived tells more than that too little has.
          if (!(cause instanceof DevServerError && cause.code === 'wait_timed_out')) throw cause
        })
      const arrived = (await api.events({ type: 'track', limit: 10_000 })).map(({ event }) => event)
      expect({
        missing: expected.filter((name) => !arrived.includes(name)),
        // Under other message ids: the server takes each of those once.
        surplus: arrived.filter(
          (name, index) => name === null || arrived.indexOf(name) < index || !expected.includes(name),
        ),
      }).toEqual({ missing: [], surplus: [] })
      await untilNothingIsKept(page)
      if (!mayRepeat) expect(await api.counts()).toMatchObject({ accepted: expected.length, duplicates: 0 })
    },
  }
}

/** Waits until the library on this page is ready. */
export async function untilLoaded(page: Page): Promise<void> {
  await expect.poll(() => page.evaluate(() => window.shop?.isLoaded), { timeout: patienceMs }).toBe(true)
}

/** Unsent events that the library keeps in the page's storage: ours under the first name, Segment's under the second. */
function countKept(): number {
  try {
    return Object.keys(localStorage).filter((key) => /^sluice:outbox:|^persisted-queue:.*:items$/.test(key))
      .length
  } catch {
    // Storage is denied.
    return 0
  }
}

/** The page has had its answers: it keeps nothing to send again. */
export async function untilNothingIsKept(page: Page): Promise<void> {
  await expect.poll(() => page.evaluate(countKept), { timeout: patienceMs }).toBe(0)
}

/** Tracks an event for each name. */
export async function track(page: Page, names: readonly string[]): Promise<void> {
  await page.evaluate((names) => window.shop.track(names), names)
}

/** Tracks an event, and waits until the page has heard what becomes of it: standard delivery tells of the first answer. */
export async function trackAndHear(page: Page, name: string): Promise<void> {
  await page.evaluate(async (name) => void (await window.shop.analytics?.track(name)), name)
}

/** Tracks an event for each name and, before anything has been answered, goes on to another page of the site. */
export async function trackAndLeave(page: Page, names: readonly string[], path: string): Promise<void> {
  await page.evaluate(
    ({ names, path }) => {
      window.shop.track(names)
      location.href = path
    },
    { names, path },
  )
  await page.waitForURL(`**${path}`)
}

/** Names for so many events. */
export function names(count: number, prefix = 'Event'): string[] {
  return Array.from({ length: count }, (_, index) => `${prefix} ${index + 1}`)
}

/** Brings `front` to the front, so that `page` is hidden as another tab hides it. */
export async function hideBehind(front: Page, page: Page): Promise<void> {
  await front.bringToFront()
  await expect.poll(() => page.evaluate(() => document.visibilityState)).toBe('hidden')
}

/** Ends the tab's process on the spot. Nothing on the page hears of it. */
export async function killTab(page: Page): Promise<void> {
  // The tab and not the browser: Chromium brings localStorage to disk some time after it was written, so with the
  // browser's own process the last writes may die, whatever wrote them.
  const session = await page.context().newCDPSession(page)
  const crashed = page.waitForEvent('crash')
  // It is not there to answer.
  session.send('Page.crash').catch(() => {})
  await crashed
  await page.close()
}
