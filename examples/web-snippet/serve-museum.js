/** Serves the museum: its pages, each with the snippet in its head, and the library from the museum's own host. */
import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { fileURLToPath } from 'node:url'
import { createSnippet } from '@sluice/browser/snippet'

export const writeKey = 'museum'

/** By path: the file, and what `page` says of it. @type {Record<string, { file: string, name: string }>} */
const pages = {
  '/': { file: 'exhibitions.html', name: 'Exhibitions' },
  '/visit': { file: 'visit.html', name: 'Visit' },
  '/thanks': { file: 'thanks.html', name: 'Thanks' },
}

/** @type {Record<string, string>} */
const contentTypes = { css: 'text/css', js: 'text/javascript', svg: 'image/svg+xml' }

/**
 * @param {object} options
 * @param {number} options.port
 * @param {string} options.trackingApi Where settings come from and events go to.
 */
export async function serveMuseum({ port, trackingApi }) {
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://museum')
    const page = pages[pathname]
    try {
      if (page) {
        const nonce = randomBytes(16).toString('base64')
        const html = await readFile(new URL(`pages/${page.file}`, import.meta.url), 'utf8')
        response.writeHead(200, {
          'content-type': 'text/html; charset=utf-8',
          'content-security-policy': policy(nonce, trackingApi),
        })
        response.end(html.replace('<!-- scripts -->', scripts(nonce, page.name, trackingApi)))
      } else {
        const content = await readFile(fileOf(pathname))
        response.writeHead(200, {
          'content-type': contentTypes[pathname.split('.').at(-1) ?? ''] ?? 'text/plain',
        })
        response.end(content)
      }
    } catch {
      response.writeHead(404).end()
    }
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

/**
 * The snippet says where the library is, and which page this is. Scripts that the library adds get the same nonce.
 * @param {string} nonce
 * @param {string} name
 * @param {string} trackingApi
 */
const scripts = (nonce, name, trackingApi) => {
  const snippet = createSnippet({
    writeKey,
    host: trackingApi,
    src: '/analytics/sluice.min.js',
    page: { name },
  })
  return `<script nonce="${nonce}">${snippet}</script>\n    <script nonce="${nonce}" defer src="/museum.js"></script>`
}

/**
 * No script runs that the museum did not write into the page, and no text becomes one.
 * @param {string} nonce
 * @param {string} trackingApi
 */
const policy = (nonce, trackingApi) =>
  [
    "default-src 'self'",
    `script-src 'nonce-${nonce}'`,
    `connect-src ${trackingApi}`,
    "require-trusted-types-for 'script'",
    'trusted-types sluice',
  ].join('; ')

/** @param {string} pathname */
function fileOf(pathname) {
  const [, folder, name = ''] = pathname.split('/')
  // The library and its chunks lie in one folder of the package.
  if (folder === 'analytics') return fileURLToPath(import.meta.resolve(`@sluice/browser/standalone/${name}`))
  return new URL(`pages/${folder}`, import.meta.url)
}
