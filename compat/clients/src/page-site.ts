import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { basename, dirname, join } from 'node:path'
import { inject } from 'vitest'
import type { Library } from './libraries'

/** A web site with one page, which has one script. */
export interface Site {
  readonly url: string
  close(): Promise<void>
}

export interface SiteOptions {
  readonly library: Library
  readonly page: string
  /** Whether Segment's snippet stands before its script. */
  readonly hasSnippet?: boolean | undefined
  /** Of the Tracking API. */
  readonly apiURL: string
  /** Other files, by path. */
  readonly files?: Readonly<Record<string, string>> | undefined
}

/** Every path is the page, but for scripts and files; to the snippet it is the CDN as well. */
export async function startSite(options: SiteOptions): Promise<Site> {
  const { library, page, hasSnippet, apiURL, files = {} } = options
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? '', 'http://site')
    const script = (text: string) => {
      response.setHeader('content-type', 'text/javascript; charset=utf-8')
      response.end(text)
    }
    const file = files[pathname]
    if (pathname === '/favicon.ico') {
      response.writeHead(404).end()
    } else if (file !== undefined) {
      script(file)
    } else if (pathname.startsWith('/scripts/')) {
      script(await readFile(join(inject('scripts'), library, pathname.slice('/scripts/'.length)), 'utf8'))
    } else if (/^\/analytics(\.js|-next)\//.test(pathname)) {
      script(await readFile(classicScript(library, basename(pathname)), 'utf8'))
    } else if (pathname.startsWith('/v1/projects/')) {
      response.setHeader('content-type', 'application/json')
      response.end(await (await fetch(apiURL + pathname)).text())
    } else {
      response.setHeader('content-type', 'text/html; charset=utf-8')
      response.end(html(page, hasSnippet ? snippet(request.headers.host ?? '') : ''))
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

const html = (page: string, head: string) => `<!doctype html>
<title>A page</title>
${head}
<body>
<main></main>
<script type="module" src="/scripts/${page}.js"></script>`

const require = createRequire(import.meta.url)

/** A file of the library as classic scripts, as a CDN has them. */
function classicScript(library: Library, name: string): string {
  const isEntry = name === 'analytics.min.js'
  if (library === 'sluice') return join(inject('scripts'), 'classic', isEntry ? 'sluice.min.js' : name)
  const folder = join(dirname(require.resolve('@segment/analytics-next')), '../umd')
  return join(folder, isEntry ? 'standalone.js' : name)
}

/** It knows nothing but https; this site does not. */
function snippet(host: string): string {
  const { min }: { min(options: object): string } = require('snippet-5.2.1')
  const text = min({
    apiKey: 'dev',
    host,
    useHostForBundles: true,
    load: false,
    page: false,
    ajsPath: '/analytics.js/v1/dev/analytics.min.js',
  })
  return `<script>${text.replaceAll('https://', 'http://')}</script>`
}
