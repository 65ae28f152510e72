/** Serves the reading list as any host of static sites would: files as they are, the one page for every other path. */
import { existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { extname, join, normalize } from 'node:path'
import { root } from '../lib/workspace.mjs'

const folder = join(root, 'examples/web-bundler/dist')

/** @type {Record<string, string>} */
const contentTypes = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' }

/**
 * @param {object} options
 * @param {number} options.port
 * @param {string} options.trackingApi Where the pages send their events.
 */
export async function serveSite({ port, trackingApi }) {
  const page = readFileSync(join(folder, 'index.html'), 'utf8').replace(
    /(name="tracking-api" content=")[^"]*/,
    `$1${trackingApi}`,
  )
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://site')
    const type = contentTypes[extname(pathname)]
    const file = join(folder, normalize(pathname))
    if (!type) response.writeHead(200, { 'Content-Type': 'text/html' }).end(page)
    else if (!existsSync(file)) response.writeHead(404).end()
    else response.writeHead(200, { 'Content-Type': type }).end(readFileSync(file))
  })
  await new Promise((resolve) => server.listen(port, '127.0.0.1', () => resolve(undefined)))

  return {
    url: `http://127.0.0.1:${port}`,

    close() {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(resolve))
    },
  }
}
