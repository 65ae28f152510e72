import { readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { CDNSettings } from '@segment/analytics-next'
import { inject } from 'vitest'
import type { Library } from './bundle'
import { bundlesFolder } from './catalogue'
import type { Config } from './visit-config'

/** A web site with one page, its CDN and its Tracking API, for one visit. */
export interface Site {
  readonly url: string
  /** Paths of destinations that were asked for at the CDN. */
  readonly destinations: readonly string[]
  /** What arrived at the Tracking API. */
  readonly events: readonly WireEvent[]
  close(): Promise<void>
}

export interface WireEvent extends Record<string, unknown> {
  readonly messageId: string
}

export interface SiteOptions {
  readonly library: Library
  /** Given the URL of the site, before it is visited. */
  config(url: string): Config
  settings(url: string): CDNSettings
}

export async function startSite({ library, config, settings }: SiteOptions): Promise<Site> {
  const destinations: string[] = []
  const events: WireEvent[] = []
  const scripts = inject('scripts')
  let url = ''

  const answers: [
    path: RegExp,
    answer: (rest: string, request: IncomingMessage) => Answer | Promise<Answer>,
  ][] = [
    [/^\/$/, () => html(page(library, config(url)))],
    [/^\/scripts\/(.+)/, (rest) => javascript(join(scripts, rest))],
    [/^\/v1\/projects\/[^/]+\/settings$/, () => json(settings(url))],
    [
      /^\/next-integrations\/(.+)/,
      (rest) => {
        destinations.push(rest)
        return destination(rest)
      },
    ],
    [
      /^\/v1\/\w$/,
      async (_rest, request) => {
        events.push(JSON.parse(await read(request)))
        return json({ success: true })
      },
    ],
  ]

  function destination(path: string): Answer | Promise<Answer> {
    if (path === 'integrations/vendor/commons.js.gz')
      return { type: types.javascript, body: 'window.commonsOfCDN = true' }
    const action = /^actions\/(.+)/.exec(path)?.[1]
    if (action) return javascript(join(bundlesFolder, action))
    const classic = /^integrations\/(\w+)\/\w+\/\1\.dynamic\.js\.gz$/.exec(path)?.[1]
    if (!classic) return missing
    const hidden = Buffer.from(classic, 'base64').toString()
    const name = /^\w+$/.test(hidden) ? hidden : classic
    return javascript(join(scripts, 'classic', `${name}.dynamic.js`))
  }

  async function answer(request: IncomingMessage): Promise<Answer> {
    const { pathname } = new URL(request.url ?? '', 'http://site')
    for (const [path, answer] of answers) {
      const found = path.exec(pathname)
      if (found) return answer(found[1] ?? '', request)
    }
    return missing
  }

  const server = createServer(async (request, response) => {
    const { status = 200, type, body } = await answer(request).catch(() => missing)
    response.writeHead(status, { 'content-type': type }).end(body)
  })
  server.listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url,
    destinations,
    events,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

interface Answer {
  readonly status?: number
  readonly type: string
  readonly body: string
}

// Some of the destinations hold raw characters beyond ASCII.
const types = {
  html: 'text/html; charset=utf-8',
  javascript: 'text/javascript; charset=utf-8',
  json: 'application/json',
}
const missing: Answer = { status: 404, type: types.html, body: 'Not found' }
const html = (body: string): Answer => ({ type: types.html, body })
const json = (value: unknown): Answer => ({ type: types.json, body: JSON.stringify(value) })
const javascript = async (file: string): Promise<Answer> => ({
  type: types.javascript,
  body: await readFile(file, 'utf8'),
})

async function read(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const part of request.setEncoding('utf8')) text += part
  return text
}

const page = (library: Library, config: Config) => `<!doctype html>
<title>Shop</title>
<script src="/scripts/recorder.js"></script>
<script type="application/json" id="config">${JSON.stringify(config)}</script>
<script type="module" src="/scripts/${library}/shop.js"></script>`
