import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { RemotePlugin } from '@sluice/browser'

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
  remotePlugins: readonly RemotePlugin[]
  /** What is at each path; others are not found. */
  scripts: Readonly<Record<string, string>>
}

export async function startCDN({ apiURL, remotePlugins, scripts }: CDNOptions): Promise<FakeCDN> {
  const asked: string[] = []
  let opened: Promise<void> | undefined
  let open = () => {}
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? '', 'http://cdn')
    response.setHeader('access-control-allow-origin', '*')
    if (pathname.endsWith('/settings')) {
      const settings = await (await fetch(apiURL + pathname)).json()
      response.end(JSON.stringify({ ...settings, remotePlugins }))
      return
    }
    asked.push(pathname)
    await opened
    const script = scripts[pathname]
    response.writeHead(script === undefined ? 404 : 200, { 'content-type': 'text/javascript' })
    response.end(script)
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
