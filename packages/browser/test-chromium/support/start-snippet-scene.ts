import { readFile } from 'node:fs/promises'
import { createServer, type OutgoingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { createDevServer } from '@sluice/dev-server'
import { type AcceptedEvent, createTestClient, type TestClient } from '@sluice/dev-server/testing'
import type { Page, Route } from 'playwright-core'
import { expect, inject, onTestFinished } from 'vitest'
import { startBrowser } from './start-browser'

/** A page with a snippet, a CDN, and a Tracking API. */
export interface SnippetScene {
  readonly api: TestClient
  readonly siteURL: string
  /** Where pages may load `sluice.min.js` from, beside Segment's CDN and `https://cdn.….test`, which are answered as well. */
  readonly cdnURL: string
  /** What was asked of any CDN, in order; with the host, if that is one of `cdn.….test`. */
  readonly asked: readonly string[]
  /** What browsers reported of broken policies. */
  readonly reports: readonly string[]
  /** What pages told the console: errors and warnings. */
  readonly told: readonly string[]
  /** Lets answers of the CDN for such paths wait until what it returns is called. */
  hold(paths: RegExp): () => void
  /** The CDN does not know the next such path. */
  miss(paths: RegExp): void
  open(path?: string): Promise<Page>
  /** Events in the order in which they were called, once so many have arrived. */
  arrived(count: number): Promise<AcceptedEvent[]>
}

export interface SnippetPage {
  /** The HTML of the pages. */
  html(urls: { cdnURL: string; apiURL: string }): string
  headers?(urls: { cdnURL: string; apiURL: string }): OutgoingHttpHeaders
  /** Settings of the source. */
  settings?: { integrations?: object; remotePlugins?: object[] }
}

const destinationPath = '/next-integrations/actions/vendor.js'

/** A destination of the page, for the settings of a source. Leaves the names of events in `window.vendorGot`. */
export const remoteDestination = {
  name: 'Vendor',
  creationName: 'Vendor',
  libraryName: 'vendorDestination',
  url: `https://cdn.segment.com${destinationPath}`,
  settings: {},
}

/** One of the first generation, which writes names of events and totals into `window.classicGot`; for the same settings. */
export const classicDestination = { Classic: { type: 'browser', bundlingStatus: 'bundled' } }

/** By path on the CDN. */
const destinationScripts: Record<string, string> = {
  [destinationPath]: `
    window.vendorGot = []
    window.vendorDestination = () => ({
      name: 'Vendor',
      type: 'destination',
      version: '1.0.0',
      isLoaded: () => true,
      load: () => Promise.resolve(),
      track(ctx) {
        window.vendorGot.push(ctx.event.event)
        return ctx
      },
    })`,
  '/next-integrations/integrations/classic/latest/classic.dynamic.js.gz': `
    window.classicGot = []
    window.classicLoader = () => {
      window.classicIntegration = class {
        listeners = {}
        on(name, run) { this.listeners[name] = run }
        once(name, run) { this.listeners[name] = run }
        emit(name) { this.listeners[name]?.() }
        initialize() {
          this.emit('initialize')
          this.emit('ready')
        }
        invoke(method, facade) {
          if (method === 'track') window.classicGot.push([facade.event(), facade.revenue()])
        }
      }
    }`,
}

/** Longest wait for what must come, in ms. */
const patienceMs = 20_000

/** In batches, so that events arrive in their order. */
const inBatches = { strategy: 'batching', config: { size: 50, timeout: 300 } }

/** Sets the scene for one test, and clears it away when the test is over. */
export async function startSnippetScene({ html, headers, settings }: SnippetPage): Promise<SnippetScene> {
  const server = await createDevServer({
    port: 0,
    memory: true,
    anyKey: true,
    settings: {
      ...settings,
      integrations: { ...settings?.integrations, 'Segment.io': { deliveryStrategy: inBatches } },
    },
  })
  onTestFinished(() => server.close())
  const api = createTestClient(server.url)

  const asked: string[] = []
  const reports: string[] = []
  const told: string[] = []
  const gate = createGate()
  let missing: RegExp | undefined

  /** @returns what the CDN has at this path. */
  const ofCDN = async (path: string, host = ''): Promise<{ type: string; body: string }> => {
    asked.push(host.endsWith('.test') ? host + path : path)
    await gate.opened(path)
    if (path.startsWith('/v1/projects/')) {
      return { type: 'application/json', body: await (await fetch(server.url + path)).text() }
    }
    const script = destinationScripts[path]
    if (script) return { type: 'text/javascript', body: script }
    const file = path.split('/').at(-1)?.replace('analytics.min.js', 'sluice.min.js') ?? ''
    return {
      type: 'text/javascript',
      body: await readFile(join(inject('scripts'), 'standalone', file), 'utf8'),
    }
  }

  const site = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? '', 'http://site')
    if (pathname === '/reports') {
      let text = ''
      for await (const part of request.setEncoding('utf8')) text += part
      reports.push(text)
      response.end()
    } else if (pathname === '/favicon.ico') response.writeHead(404).end()
    else if (pathname.startsWith('/cdn/')) {
      const { type, body } = await ofCDN(pathname.slice('/cdn'.length))
      const isMissing = missing?.test(pathname)
      if (isMissing) missing = undefined
      response
        .writeHead(isMissing ? 404 : 200, { 'content-type': type, 'access-control-allow-origin': '*' })
        .end(body)
    } else {
      response.writeHead(200, { 'content-type': 'text/html', ...headers?.(urls()) })
      response.end(html(urls()))
    }
  })
  site.listen(0, '127.0.0.1')
  await new Promise((resolve) => site.once('listening', resolve))
  const { port } = site.address() as AddressInfo
  onTestFinished(async () => {
    gate.open()
    site.closeAllConnections()
    await new Promise((resolve) => site.close(resolve))
  })
  const siteURL = `http://127.0.0.1:${port}`
  // Another name for the same server: a CDN has another origin than the page.
  const cdnURL = `http://localhost:${port}/cdn`
  const urls = () => ({ cdnURL, apiURL: server.url })

  const { context, close } = await startBrowser()
  onTestFinished(close)
  await context.route(/^https?:\/\/cdn\.(segment\.com|\w+\.test)\//, async (route: Route) => {
    const { host, pathname } = new URL(route.request().url())
    const { type, body } = await ofCDN(pathname, host)
    await route.fulfill({ contentType: type, body, headers: { 'access-control-allow-origin': '*' } })
  })

  return {
    api,
    siteURL,
    cdnURL,
    asked,
    reports,
    told,
    hold: gate.hold,
    miss(paths) {
      missing = paths
    },
    async open(path = '/') {
      const page = await context.newPage()
      page.on('console', (message) => {
        if (/error|warning/.test(message.type())) told.push(message.text())
      })
      page.on('pageerror', ({ message }) => told.push(`uncaught: ${message}`))
      await page.goto(siteURL + path)
      return page
    },
    async arrived(count) {
      await api.waitFor({}, { count, timeoutMs: patienceMs })
      return api.events({ status: 'accepted' as const, limit: 1_000 })
    },
  }
}

/** Waits until the global holds the client. */
export async function untilReplaced(page: Page, key = 'analytics'): Promise<void> {
  const isClient = (key: string) => {
    const client: unknown = Reflect.get(window, key)
    return !Array.isArray(client) && client instanceof Object && Reflect.get(client, 'initialized') === true
  }
  await expect.poll(() => page.evaluate(isClient, key), { timeout: patienceMs }).toBe(true)
}

function createGate() {
  let held: { paths: RegExp; until: Promise<void> } | undefined
  let open = () => {}
  return {
    open: () => open(),
    opened: (path: string) => (held?.paths.test(path) ? held.until : undefined),
    hold(paths: RegExp) {
      const until = new Promise<void>((resolve) => {
        open = resolve
      })
      held = { paths, until }
      return open
    },
  }
}
