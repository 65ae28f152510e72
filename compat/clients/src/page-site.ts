import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
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
  /** In the head of the page, before its script. */
  readonly head?: string | undefined
  /** Other files, by path. */
  readonly files?: Readonly<Record<string, string>> | undefined
}

/** Every path is the page, but for scripts and files. */
export async function startSite({ library, page, head = '', files = {} }: SiteOptions): Promise<Site> {
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? '', 'http://site')
    const file = files[pathname]
    if (pathname === '/favicon.ico') {
      response.writeHead(404).end()
    } else if (file !== undefined || pathname.startsWith('/scripts/')) {
      response.setHeader('content-type', 'text/javascript; charset=utf-8')
      response.end(
        file ??
          (await readFile(join(inject('scripts'), library, pathname.slice('/scripts/'.length)), 'utf8')),
      )
    } else {
      response.setHeader('content-type', 'text/html; charset=utf-8')
      response.end(html(page, head))
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
