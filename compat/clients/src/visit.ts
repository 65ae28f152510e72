import type { InitOptions } from '@segment/analytics-next'
import { createDevServer, type DevServerOptions } from '@sluice/dev-server'
import { createTestClient } from '@sluice/dev-server/testing'
import { type Browser, type BrowserContext, chromium } from 'playwright-core'
import { inject } from 'vitest'
import { byContent, comparable } from './comparable'
import type { Library } from './libraries'
import { startSite } from './page-site'
import type { Surroundings } from './pages/support/scenarios'

type SourceSettings = NonNullable<DevServerOptions['settings']>

/** What a page is to do, and what has to come of it. */
export interface Script {
  /** Its script, of `src/pages`. */
  readonly page: string
  readonly scenario: string
  /** Names of the events that arrive; of pages and identifications the type, unless they have a name. */
  readonly sends: readonly string[]
  /** Names of the events that a destination of the site is handed, in their order. @default [] */
  readonly receives?: readonly string[]
  /** How many requests its vendor gets. @default 0 */
  readonly toVendor?: number
  /** Address of the page, on its site. */
  readonly path?: string
  /** Merged into the settings of the source. */
  readonly source?: SourceSettings
  readonly options?: InitOptions
  /** Whether the page has Segment's snippet, which loads the library as a classic script when it is told to. */
  readonly hasSnippet?: boolean
  /** Other files of the site, by path. */
  readonly files?: Readonly<Record<string, string>>
}

type Fields = Record<string, unknown>

/** What was seen of one visit. */
export interface Facts {
  /** What arrived at the Tracking API. */
  events: Fields[]
  /** What arrived at the vendor of the client. */
  vendor: { path: string; body: unknown }[]
  /** What a destination of the site was handed. */
  received: string[]
  /** What the scenario answered. */
  result: unknown
  /** Names of cookies and of keys in storage. */
  kept: string[]
  /** Uncaught on the page. */
  errors: string[]
}

/** How long to wait for what must come, and for what must not, in ms. */
const patienceMs = 10_000
const graceMs = 250

let shared: Promise<Browser> | undefined

/** One visitor on a page with one library. */
export async function visit(library: Library, script: Script): Promise<Facts> {
  shared ??= chromium.connect(inject('browser'))
  const browser = await shared
  const server = await createDevServer({ port: 0, memory: true, settings: settingsOf(script) })
  const site = await startSite({ library, ...script, apiURL: server.url })
  const context = await browser.newContext()
  try {
    const api = createTestClient(server.url)
    const vendor = await startVendor(context)
    const page = await context.newPage()
    const errors: string[] = []
    page.on('pageerror', (error) => errors.push(String(error)))
    if (process.env.COMPAT_PRINT) page.on('console', (message) => console.log(library, message.text()))
    await page.goto(site.url + (script.path ?? '/'))
    await page.waitForFunction(() => 'scenarios' in window)
    const surroundings: Surroundings = {
      settings: { writeKey: 'dev', cdnURL: server.url },
      options: script.options ?? {},
      vendorURL,
    }
    const result = await page.evaluate(
      async ([name = '', surroundings = '']) => {
        const run = window.scenarios[name]
        if (!run) throw new Error(`This page has no scenario ${name}`)
        return (await run(JSON.parse(surroundings))) ?? null
      },
      [script.scenario, JSON.stringify(surroundings)],
    )
    const count = script.sends.length
    // What has arrived tells more than that too little has.
    if (count > 0) await api.waitFor({}, { count, timeoutMs: patienceMs }).catch(() => {})
    for (let waited = 0; vendor.length < (script.toVendor ?? 0) && waited < patienceMs; waited += 50) {
      await page.waitForTimeout(50)
    }
    // Destinations may get an event when its call has ended long since.
    const arrived = (count: number) => (window.received?.length ?? 0) >= count
    await page.waitForFunction(arrived, script.receives?.length ?? 0, { timeout: patienceMs }).catch(() => {})
    await page.waitForTimeout(graceMs)
    const received = await page.evaluate(() => window.received ?? [])
    // Segment's also keeps that there is no value.
    const kept = await page.evaluate(() =>
      Object.keys(localStorage).filter((key) => localStorage.getItem(key) !== 'null'),
    )
    const cookies = (await context.cookies()).map(({ name }) => name)
    const found = await api.events()
    return comparable(
      library,
      {
        events: byContent(
          library,
          found.map(({ payload }) => payload),
        ),
        vendor: byContent(library, vendor),
        received,
        result,
        // What a library keeps for itself alone, such as events that wait for an answer, has names of its own.
        kept: [...kept, ...cookies].filter((name) => !/^(sluice|persisted-queue):/.test(name)).sort(),
        errors,
      },
      { [site.url]: 'http://site', [new URL(server.url).host]: 'api', [new URL(site.url).port]: 'port' },
    )
  } finally {
    await context.close()
    await site.close()
    await server.close()
  }
}

/** The settings of the source, with Segment's own destination as its CDN has it. */
function settingsOf({ source = {} }: Script): SourceSettings {
  const { integrations = {} } = source
  return { ...source, integrations: { ...Object(integrations), 'Segment.io': { bundlingStatus: null } } }
}

const vendorURL = 'http://vendor.test'

/** Everybody but this machine is the vendor, and answers everything with an empty object. */
async function startVendor(context: BrowserContext): Promise<Facts['vendor']> {
  const requests: Facts['vendor'] = []
  await context.route(
    (url) => url.hostname !== '127.0.0.1',
    async (route, request) => {
      requests.push({ path: request.url(), body: parsed(request.postData()) })
      await route.fulfill({
        status: 200,
        headers: { 'access-control-allow-origin': '*' },
        contentType: 'application/json',
        body: '{}',
      })
    },
  )
  return requests
}

function parsed(body: string | null): unknown {
  try {
    return JSON.parse(body ?? '')
  } catch {
    return body
  }
}
