/** The packages in a project that is tested with Jest and compiled to CommonJS, by tools of several generations. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { compileWith, installOlderTools, runJest } from './older-tools.mjs'

/** Delivers with OAuth and compressed bodies: all that may be loaded late. */
const deliver = `
const { createServer } = require('node:http')
const { generateKeyPairSync } = require('node:crypto')
const { gunzipSync } = require('node:zlib')
const { Analytics, NodeHTTPClient } = require('@sluice/node')

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const clientKey = privateKey.export({ type: 'pkcs8', format: 'pem' })
const server = createServer((request, response) => {
  const chunks = []
  request.on('data', (chunk) => chunks.push(chunk))
  request.on('end', () => {
    if (request.url === '/token') return response.end('{"access_token":"token","expires_in":60}')
    const events = JSON.parse(gunzipSync(Buffer.concat(chunks)).toString()).batch.length
    received.push(request.headers.authorization + ', ' + events)
    response.end('{}')
  })
})
let received = []
beforeAll(() => new Promise((resolve) => server.listen(0, '127.0.0.1', resolve)))
afterAll(() => new Promise((resolve) => server.close(resolve) && server.closeAllConnections()))

async function deliver(settings) {
  received = []
  const host = new URL('http://127.0.0.1:' + server.address().port)
  const oauthSettings = { clientId: 'app', clientKey, keyId: 'key', authServer: host }
  const analytics = new Analytics({ writeKey: 'key', host, maxRetries: 0, oauthSettings, ...settings })
  const reasons = []
  analytics.on('error', ({ reason }) => reasons.push(reason))
  analytics.track({ userId: 'u1', event: 'Order Completed', timestamp: new Date() })
  await analytics.closeAndFlush()
  expect({ received, reasons }).toEqual({ received: ['Bearer token, 1'], reasons: [] })
}

test('delivers with NodeHTTPClient', () => deliver({ httpClient: new NodeHTTPClient({ gzip: true }) }))
`
const deliverWithFetch = `${deliver}
test('delivers with fetch', () => deliver({ gzip: true }))
`

const loadAll = `
const { Analytics } = require('@sluice/node')
const { AnalyticsBrowser } = require('@sluice/browser')
const noRemote = require('@sluice/browser/no-remote')
const { createSnippet } = require('@sluice/browser/snippet')
const { createTestClient, DevServerError } = require('@sluice/dev-server/testing')

test('are loaded', async () => {
  const analytics = new Analytics({ writeKey: 'clé', disable: true })
  analytics.track({ userId: 'u1', event: 'Order Completed' })
  await analytics.closeAndFlush()
  expect(analytics.counts().delivered).toBe(1)
  expect(typeof AnalyticsBrowser.load).toBe('function')
  expect(typeof noRemote.AnalyticsBrowser.load).toBe('function')
  expect(createSnippet({ writeKey: 'key', host: 'cdn.example.com' })).toContain('cdn.example.com')
  expect(typeof createTestClient('http://127.0.0.1:1').waitFor).toBe('function')
  expect(typeof DevServerError).toBe('function')
})
`

const types = `
import { AnalyticsBrowser } from '@sluice/browser'
import { createSnippet } from '@sluice/browser/snippet'
import { CoreContext } from '@sluice/core'
import { createDevServer } from '@sluice/dev-server'
import { createTestClient } from '@sluice/dev-server/testing'
import { Analytics, QueueFullError, StatusBehavior } from '@sluice/node'

export const analytics = new Analytics({ writeKey: 'key', host: null })
analytics.track({ userId: 'u1', event: 'Order Completed' })
export const page: Promise<unknown> = AnalyticsBrowser.load({ writeKey: 'key' }).track('Order Completed')
export const snippet: string = createSnippet({ writeKey: 'key', host: 'cdn.example.com' })
export const server = createDevServer({ port: 0 }).then(({ url }) => createTestClient(url))
export const ids = (context: CoreContext): string | undefined => context.event.messageId

// What cannot be found is \`any\` where libraries are not checked, and takes everything.
// @ts-expect-error
export const behavior: StatusBehavior = 'neither of the two'
// @ts-expect-error
export const error: QueueFullError = 5
// @ts-expect-error
createSnippet({ writeKey: 'key' })
// @ts-expect-error
createTestClient(5)
`

/** @type {{ version: '27' | '29' | '30', environment: 'node' | 'jsdom', file: string }[]} */
const tests = [
  // Its environment has no fetch.
  { version: '27', environment: 'node', file: 'deliver.test.js' },
  { version: '27', environment: 'jsdom', file: 'load.test.js' },
  { version: '29', environment: 'node', file: 'deliver-with-fetch.test.js' },
  { version: '29', environment: 'jsdom', file: 'load.test.js' },
  { version: '30', environment: 'node', file: 'deliver-with-fetch.test.js' },
]

/**
 * @param {string} project Has all packages installed.
 * @param {import('../../lib/report.mjs').Report} report
 */
export async function useWithOlderTools(project, report) {
  if (!(await report.check('npm install of Jest and TypeScript of other generations', installOlderTools)))
    return
  const files = {
    'deliver.test.js': deliver,
    'deliver-with-fetch.test.js': deliverWithFetch,
    'load.test.js': loadAll,
    'use.ts': types,
  }
  for (const [file, text] of Object.entries(files)) writeFileSync(join(project, file), text)
  for (const one of tests) {
    await report.check(`packages in CommonJS under Jest ${one.version}, environment ${one.environment}`, () =>
      runJest(project, one),
    )
  }
  for (const version of ['4.7', '5.0', '5.9']) {
    await report.check(`packages compiled with TypeScript ${version} (moduleResolution node)`, () =>
      compileWith(project, version, 'use.ts'),
    )
  }
}
