import { readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { inject } from 'vitest'
import type { Config } from './config'

/** The web site that the visitor is on. */
export interface Site {
  readonly url: string
  /** What browsers reported to `/reports`. */
  readonly reports: string[]
  /** Requests for its pages, with what was posted: `GET /one`, `POST /two name=value`. */
  readonly asked: string[]
  close(): Promise<void>
}

export interface SiteOptions {
  /** What its pages load the library with. */
  config: Config
  /** Headers of its pages. */
  headers?: OutgoingHttpHeaders | undefined
  /** In the head of its pages, before the shop's script. */
  head?: string | undefined
  /** Attributes of the shop's script. */
  scriptAttributes?: string | undefined
}

/** Every path is a page with the shop's script, but for `/scripts/…`, and `/framed`, which has a page in a sandbox. */
export async function startSite(options: SiteOptions): Promise<Site> {
  const reports: string[] = []
  const asked: string[] = []
  const server = createServer(async (request, response) => {
    const { pathname, search } = new URL(request.url ?? '', 'http://site')
    if (pathname === '/reports') {
      reports.push(await read(request))
      response.end()
    } else if (pathname === '/favicon.ico') {
      response.writeHead(404).end()
    } else if (pathname.startsWith('/scripts/')) {
      // A sandboxed page has no origin, so for it every script comes from elsewhere.
      response.setHeader('access-control-allow-origin', '*')
      response.setHeader('service-worker-allowed', '/')
      response.setHeader('content-type', 'text/javascript')
      response.end(await readFile(join(inject('scripts'), pathname.slice('/scripts/'.length))))
    } else {
      asked.push(`${request.method} ${pathname}${search} ${await read(request)}`.trimEnd())
      response.writeHead(200, { 'content-type': 'text/html', ...options.headers })
      response.end(pathname === '/framed' ? framed(search) : shop(pathname, options))
    }
  })
  server.listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    reports,
    asked,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function read(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const part of request.setEncoding('utf8')) text += part
  return text
}

const shop = (title: string, { config, head = '', scriptAttributes = '' }: SiteOptions) => `<!doctype html>
<title>${title}</title>
<script type="application/json" id="config">${JSON.stringify(config)}</script>
${head}
<script type="module" src="/scripts/shop.js" ${scriptAttributes}></script>`

const framed = (search: string) => `<!doctype html>
<title>Framed</title>
<iframe sandbox="allow-scripts" src="/inner${search}"></iframe>`
