import type { AnalyticsBrowserSettings, CDNSettings } from '@segment/analytics-next'
import { type Browser, type BrowserContext, chromium } from 'playwright-core'
import { expect, inject, onTestFinished } from 'vitest'
import type { Library } from './bundle'
import type { RemotePlugin } from './destinations'
import type { VendorCall } from './page/recorder'
import { startSite, type WireEvent } from './site'
import { vendors } from './vendors'
import type { Call, CallResult, Config, Options } from './visit-config'

/** What a page is to do. */
export interface Script {
  readonly settings: CDNSettings
  readonly calls: readonly Call[]
  readonly options?: Options
  readonly load?: Partial<AnalyticsBrowserSettings>
  readonly classicFromNPM?: readonly string[]
  /** Of the source's destinations, those that the application brings itself. */
  readonly fromNPM?: readonly RemotePlugin[]
  readonly pace?: Config['pace']
  /** What the page finds in its localStorage. */
  readonly stored?: Readonly<Record<string, string>>
  /**
   * Under our library, all calls are made at once, and what is `late` comes only then: the scripts of the source's
   * destinations, or vendors' hosts. Segment's gets the calls in turn, when everything is there.
   */
  readonly late?: 'destinations' | readonly string[]
  /** Vendors' hosts that answer only when all calls have been made. */
  readonly slowHosts?: readonly string[]
  /** Vendors' hosts that never answer. */
  readonly silentHosts?: readonly string[]
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
export async function visit(library: Library, { late: latecomers, ...script }: Script): Promise<Facts> {
  const late = library === 'sluice' ? latecomers : undefined
  const site = await startSite({
    library,
    settings: (url) => withAPI(script.settings, url),
    config: (url) => ({
      settings: { writeKey: 'key', cdnURL: url, ...script.load },
      // What is seen must not depend on how fast this machine is.
      options: { remotePluginWait: 20_000, ...script.options },
      classicFromNPM: script.classicFromNPM ?? [],
      factories: (script.fromNPM ?? []).map(({ name, libraryName, url: path }) => ({
        name,
        libraryName,
        url: path.replace('https://cdn.segment.com', url),
      })),
      calls: script.calls,
      pace: late ? 'at once' : (script.pace ?? 'in turn'),
    }),
  })
  onTestFinished(() => site.close())
  browser ??= chromium.connect(inject('browser'))
  const context = await (await browser).newContext()
  onTestFinished(() => context.close())
  const outside = await answerOutside(context, site.url, script, late)
  const page = await context.newPage()
  await page.addInitScript((stored) => {
    for (const [key, value] of Object.entries(stored)) localStorage.setItem(key, value)
  }, script.stored ?? {})
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(error.message))

  await page.goto(`${site.url}/`)
  const hasCalled = () => expect.poll(() => page.evaluate(() => window.hasCalled)).toBe(true)
  if (script.slowHosts || late) await hasCalled().then(outside.answerSlowHosts)
  // Under Segment's library calls never end when a vendor never answers.
  if (library === 'segment' && script.silentHosts) await hasCalled()
  else await page.evaluate(() => window.visit)
  const vendorCalls = () => page.evaluate(() => window.vendor.calls)
  const { lastWords } = script
  if (lastWords) {
    const spoken = async () =>
      (await vendorCalls()).filter((call) => JSON.stringify(call).includes(lastWords.text))
    await expect.poll(spoken).toHaveLength(lastWords.times)
  }
  const plugins = await page.evaluate(pluginsOfPage)
  const results = await page.evaluate(() => window.results)
  const isSending = plugins.some(({ name }) => name === 'Segment.io')
  const sent = results.filter(
    ({ type, integrations }) => isSending && type !== 'reset' && integrations?.['Segment.io'] !== false,
  )
  await expect.poll(() => site.events).toHaveLength(sent.length)
  const order = sent.map(({ messageId }) => messageId)
  const events = [...site.events].sort((a, b) => order.indexOf(a.messageId) - order.indexOf(b.messageId))
  return withoutAddress(site.url, {
    vendorCalls: await vendorCalls(),
    plugins,
    results,
    events,
    vendorScripts: outside.scripts.sort(),
    destinations: [...site.destinations].sort(),
    strays: outside.strays,
    errors,
  })
}

/** In the page. */
async function pluginsOfPage(): Promise<PluginFacts[]> {
  const [{ queue }] = await window.client
  return queue.plugins
    .map((plugin) => {
      const { name, alternativeNames = [], type, version } = plugin
      return { name, alternativeNames, type, version, isLoaded: plugin.isLoaded() }
    })
    .sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
}

/** Vendors' hosts are answered here; nothing else is. */
async function answerOutside(
  context: BrowserContext,
  url: string,
  { slowHosts = [], silentHosts = [], blockedHosts = [] }: Script,
  late: Script['late'],
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
      // What a library counts of its own failures.
      if (address.href === 'https://api.segment.io/v1/m') return route.fulfill()
      const body = vendors[address.host]
      if (body === undefined) {
        strays.push(address.href)
        await route.abort()
        return
      }
      scripts.push(address.href.replace(address.protocol, ''))
      if (silentHosts.includes(address.host)) return
      if (slowHosts.includes(address.host) || late?.includes(address.host)) await calls
      if (blockedHosts.includes(address.host)) await route.abort('blockedbyclient')
      else await route.fulfill({ contentType: 'text/javascript', body: `{${body}}` })
    },
  )
  if (late === 'destinations') {
    await context.route(`${url}/next-integrations/actions/**`, async (route) => {
      await calls
      await route.fallback()
    })
  }
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
