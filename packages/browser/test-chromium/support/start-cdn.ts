import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import type { RemoteIntegrationSettings, RemotePlugin } from '@sluice/browser'

/** Stands for the CDN: it has the settings of the source and the scripts of its destinations. */
export interface FakeCDN {
  readonly url: string
  /** Paths of the scripts that were asked for. */
  readonly asked: readonly string[]
  /** Lets scripts wait until it is called. */
  hold(): () => void
  close(): Promise<void>
}

export interface CDNOptions {
  /** Where the rest of the settings comes from. */
  apiURL: string
  remotePlugins?: readonly RemotePlugin[]
  /** Settings of destinations, besides those of the source. */
  integrations?: Record<string, RemoteIntegrationSettings>
  /** What is at each path; others are not found. Those that end in `.gz` come compressed. */
  scripts: Readonly<Record<string, string>>
  /** Paths at which nothing ever comes. */
  silent?: readonly string[]
}

export async function startCDN(options: CDNOptions): Promise<FakeCDN> {
  const { apiURL, remotePlugins = [], scripts, silent = [] } = options
  const asked: string[] = []
  let opened: Promise<void> | undefined
  let open = () => {}
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? '', 'http://cdn')
    response.setHeader('access-control-allow-origin', '*')
    if (pathname.endsWith('/settings')) {
      const settings = await (await fetch(apiURL + pathname)).json()
      const integrations = { ...settings.integrations, ...options.integrations }
      response.end(JSON.stringify({ ...settings, remotePlugins, integrations }))
      return
    }
    asked.push(pathname)
    await opened
    if (silent.includes(pathname)) return
    const script = scripts[pathname]
    const isCompressed = script !== undefined && pathname.endsWith('.gz')
    if (isCompressed) response.setHeader('content-encoding', 'gzip')
    response.writeHead(script === undefined ? 404 : 200, { 'content-type': 'text/javascript' })
    response.end(isCompressed ? gzipSync(script) : script)
  })
  server.listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    hold() {
      opened = new Promise((resolve) => {
        open = resolve
      })
      return open
    },
    close: () =>
      new Promise((resolve) => {
        open()
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
