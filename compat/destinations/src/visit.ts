import type { AnalyticsBrowserSettings, CDNSettings, InitOptions } from '@segment/analytics-next'
import { type Browser, type BrowserContext, chromium } from 'playwright-core'
import { expect, inject, onTestFinished } from 'vitest'
import type { Library } from './bundle'
import type { VendorCall } from './page/recorder'
import { startSite, type WireEvent } from './site'
import { vendors } from './vendors'
import type { Call, CallResult, Config } from './visit-config'

/** What a page is to do. */
export interface Script {
  readonly settings: CDNSettings
  readonly calls: readonly Call[]
  readonly options?: InitOptions
  readonly load?: Partial<AnalyticsBrowserSettings>
  readonly classicFromNPM?: readonly string[]
  readonly pace?: Config['pace']
  /** Vendors' hosts that answer only when all calls have been made. */
  readonly slowHosts?: readonly string[]
  /** Vendors' hosts that cannot be reached. */
  readonly blockedHosts?: readonly string[]
  /** Known in this many calls of vendors: for destinations that get events after the call has ended. */
  readonly lastWords?: { readonly text: string; readonly times: number }
}

/** What came of it. */
export interface Facts {
  /** What vendors' scripts were asked for, in order. */
  readonly vendorCalls: readonly VendorCall[]
  /** What the client calls on events, sorted. */
  readonly plugins: readonly PluginFacts[]
  /** How each call ended. */
  readonly results: readonly CallResult[]
  /** Events at the Tracking API, in the order of the calls. */
  readonly events: readonly WireEvent[]
  /** Scripts of vendors, sorted. */
  readonly vendorScripts: readonly string[]
  /** Scripts of destinations at the CDN, sorted. */
  readonly destinations: readonly string[]
  /** What the page asked of hosts that no test knows. */
  readonly strays: readonly string[]
  /** Uncaught errors of the page. */
  readonly errors: readonly string[]
}

export interface PluginFacts {
  readonly name: string
  readonly alternativeNames: readonly string[]
  readonly type: string
  readonly version: string | undefined
  readonly isLoaded: boolean
}

let browser: Promise<Browser> | undefined

/** One visit to the site, in a profile of its own. */
export async function visit(library: Library, script: Script): Promise<Facts> {
  const site = await startSite({
    library,
    settings: (url) => withAPI(script.settings, url),
    config: (url) => ({
      settings: { writeKey: 'key', cdnURL: url, ...script.load },
      options: script.options ?? {},
      classicFromNPM: script.classicFromNPM ?? [],
      calls: script.calls,
      pace: script.pace ?? 'in turn',
    }),
  })
  onTestFinished(() => site.close())
  browser ??= chromium.connect(inject('browser'))
  const context = await (await browser).newContext()
  onTestFinished(() => context.close())
  const outside = await answerOutside(context, site.url, script)
  const page = await context.newPage()
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(error.message))

  await page.goto(`${site.url}/`)
  if (script.slowHosts) {
    await expect.poll(() => page.evaluate(() => window.client !== undefined)).toBe(true)
    outside.answerSlowHosts()
  }
  const results = await page.evaluate(() => window.visit)
  const vendorCalls = () => page.evaluate(() => window.vendor.calls)
  const { lastWords } = script
  if (lastWords) {
    const spoken = async () =>
      (await vendorCalls()).filter((call) => JSON.stringify(call).includes(lastWords.text))
    await expect.poll(spoken).toHaveLength(lastWords.times)
  }
  const order = results.flatMap(({ messageId, integrations }) =>
    messageId && integrations?.['Segment.io'] !== false ? [messageId] : [],
  )
  const arrived = () => order.filter((id) => site.events.some(({ messageId }) => messageId === id))
  await expect.poll(arrived).toEqual(order)
  const events = [...site.events].sort((a, b) => order.indexOf(a.messageId) - order.indexOf(b.messageId))
  return withoutAddress(site.url, {
    vendorCalls: await vendorCalls(),
    plugins: await page.evaluate(async () => {
      const [{ queue }] = await window.client
      return queue.plugins
        .map((plugin) => {
          const { name, alternativeNames = [], type, version } = plugin
          return { name, alternativeNames, type, version, isLoaded: plugin.isLoaded() }
        })
        .sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
    }),
    results,
    events,
    vendorScripts: outside.scripts.sort(),
    destinations: [...site.destinations].sort(),
    strays: outside.strays,
    errors,
  })
}

/** Vendors' hosts are answered here; nothing else is. */
async function answerOutside(
  context: BrowserContext,
  url: string,
  { slowHosts = [], blockedHosts = [] }: Script,
) {
  const scripts: string[] = []
  const strays: string[] = []
  let answerSlowHosts = () => {}
  const calls = new Promise<void>((resolve) => {
    answerSlowHosts = resolve
  })
  await context.route(
    ({ origin }) => origin !== url,
    async (route) => {
      const address = new URL(route.request().url())
      const body = vendors[address.host]
      if (body === undefined) {
        strays.push(address.href)
        await route.abort()
        return
      }
      scripts.push(address.href.replace(address.protocol, ''))
      if (slowHosts.includes(address.host)) await calls
      if (blockedHosts.includes(address.host)) await route.abort('blockedbyclient')
      else await route.fulfill({ contentType: 'text/javascript', body: `{${body}}` })
    },
  )
  return { scripts, strays, answerSlowHosts }
}

function withAPI(settings: CDNSettings, url: string): CDNSettings {
  const api = { apiHost: `${url.replace('http://', '')}/v1`, protocol: 'http' } as const
  return {
    ...settings,
    integrations: {
      ...settings.integrations,
      'Segment.io': { ...settings.integrations['Segment.io'], ...api },
    },
  }
}

/** Each visit has a site of its own, with a port by chance. */
function withoutAddress<Value>(url: string, value: Value): Value {
  const { host, port } = new URL(url)
  return JSON.parse(
    JSON.stringify(value)
      .replaceAll(host, 'shop.example')
      .replaceAll(encodeURIComponent(host), 'shop.example')
      .replaceAll(`:${port}`, ''),
  )
}
