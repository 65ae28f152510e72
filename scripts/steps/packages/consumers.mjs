/** The projects that our packages are tried in. */

/**
 * @typedef {object} Consumer
 * @property {string} name The package it is about.
 * @property {string[]} packages What it installs.
 * @property {(string | RegExp)[]} [mayInstall] All that may be in its node_modules then.
 * @property {import('./use-in-project.mjs').Use[]} uses
 * @property {import('./bundle-in-project.mjs').BundledUse} [bundled]
 * @property {boolean} [runsAtEdge] Bundle it for the edge as well.
 * @property {boolean} [meetsOlderTools] Try it with test runners and compilers of other generations.
 */

// What destinations of the first generation are handed; loaded with the first of them.
const facade = [
  '@segment/facade',
  '@segment/isodate',
  '@segment/isodate-traverse',
  'inherits',
  'new-date',
  'obj-case',
]

const useAnalytics = `
const analytics = new Analytics({ writeKey: 'key', disable: true })
if (!(analytics instanceof DefaultAnalytics)) throw new Error('the default export is another class')
if (typeof Context !== 'function' || typeof FetchHTTPClient !== 'function') throw new Error('a name is missing')
analytics.track({ userId: 'u1', event: 'Order Completed', properties: { revenue: 12.5 } })
void analytics.closeAndFlush()
`

const typedUse = `
import DefaultAnalytics, { Analytics, type AnalyticsSettings, Context, FetchHTTPClient, type Plugin, type TrackParams } from '@sluice/node'

const settings: AnalyticsSettings = { writeKey: 'key', disable: true }
const analytics: DefaultAnalytics = new Analytics({ ...settings, httpClient: new FetchHTTPClient() })
const order: TrackParams = { userId: 'u1', event: 'Order Completed', properties: { revenue: 12.5 } }
analytics.track(order, (error: unknown, context?: Context) => console.log(error, context?.event.messageId))

const plugin: Plugin = {
  name: 'plan',
  type: 'enrichment',
  isLoaded: () => true,
  load: () => Promise.resolve(),
  track: (context) => {
    context.updateEvent('properties.plan', 'free')
    return context
  },
}
void analytics.register(plugin).then(() => analytics.closeAndFlush({ timeout: 100 }))

// @ts-expect-error an event has somebody it is about
analytics.track({ event: 'Order Completed' })
`

const useOnServer = `
// Rendering a page on a server: calls resolve, nothing is sent and nothing is kept.
globalThis.fetch = () => { throw new Error('a server sends nothing') }
const analytics = AnalyticsBrowser.load({ writeKey: 'key' }, { initialPageview: true })
async function render() {
  const ctx = await analytics.track('Order Completed', { revenue: 12.5 })
  if (ctx.event.event !== 'Order Completed') throw new Error('the event is another')
  await analytics.queryString('?ajs_event=x')
  const [client] = await analytics
  if (!(client instanceof Analytics)) throw new Error('the client is of another class')
}
render().catch((cause) => {
  console.error(cause)
  process.exitCode = 1
})
`

const typedUseInBrowser = `
import { AnalyticsBrowser, type Context, type InitOptions, type Plugin } from '@sluice/browser'

interface Events {
  'Order Completed': { revenue: number }
}
const options: InitOptions = { integrations: { 'Segment.io': { apiHost: 'events.example.com/v1' } } }
const analytics = AnalyticsBrowser.load<Events>({ writeKey: 'key' }, options)
void analytics.track('Order Completed', { revenue: 12.5 }, (ctx?: Context) => console.log(ctx?.event.messageId))
void analytics.page('Docs', 'Quick start')

const plugin: Plugin = {
  name: 'plan',
  type: 'enrichment',
  version: '1.0.0',
  isLoaded: () => true,
  load: () => Promise.resolve(),
  track: (context) => {
    context.updateEvent('properties.plan', 'free')
    return context
  },
}
void analytics.register(plugin).then(() => analytics.flush())

// @ts-expect-error there is no such event
void analytics.track('Order Compleated', { revenue: 12.5 })
`

const makeSnippet = `
// Where pages are written: on a server.
const snippet = createSnippet({ writeKey: 'key', host: 'cdn.example.com' })
new Function(snippet)
if (!snippet.includes('"https://cdn.example.com/analytics.js/v1/*/analytics.min.js"')) throw new Error(snippet)
if (installSnippet({ writeKey: 'key', src: '/sluice.min.js' })) throw new Error('there is no page')
`

// As stores of browser extensions look for it.
const holdsNoScripts = `
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
const code = readFileSync(fileURLToPath(import.meta.resolve('@sluice/browser/no-remote')), 'utf8')
if (/createElement"?\\)?\\(["']script|importScripts|\\bimport\\(/.test(code)) throw new Error('it may put scripts on the page')
`

const typedNoRemote = `
import { AnalyticsBrowser, type Context } from '@sluice/browser/no-remote'

const analytics = AnalyticsBrowser.load({ writeKey: 'key' })
export const sent: Promise<Context> = analytics.track('Order Completed', { revenue: 12.5 })

// @ts-expect-error a write key is text
AnalyticsBrowser.load({ writeKey: 1 })
`

const typedSnippet = `
import { createSnippet, installSnippet, type SnippetOptions } from '@sluice/browser/snippet'

const options: SnippetOptions = { writeKey: 'key', host: 'cdn.example.com', load: { disable: () => true } }
installSnippet(options)?.track('Order Completed', { revenue: 12.5 })
const snippet: string = createSnippet({ writeKey: 'key', src: '/sluice.min.js', page: { category: 'Docs', name: 'Start' } })
console.log(snippet)

// @ts-expect-error the library has to be somewhere
createSnippet({ writeKey: 'key' })
`

/** @type {Consumer[]} */
export const consumers = [
  {
    name: '@sluice/browser',
    packages: ['@sluice/core', '@sluice/browser'],
    mayInstall: ['@sluice/core', '@sluice/browser', 'dset', '@noble/hashes', ...facade],
    uses: [
      {
        name: '@sluice/browser imported on a server, in an ES module',
        file: 'use.mjs',
        code: `import { Analytics, AnalyticsBrowser } from '@sluice/browser'\n${useOnServer}`,
      },
      {
        name: '@sluice/browser required on a server, in CommonJS',
        file: 'use.cjs',
        code: `const { Analytics, AnalyticsBrowser } = require('@sluice/browser')\n${useOnServer}`,
      },
      {
        name: '@sluice/browser/no-remote imported on a server, in an ES module',
        file: 'no-remote.mjs',
        code: `import { Analytics, AnalyticsBrowser } from '@sluice/browser/no-remote'\n${useOnServer}${holdsNoScripts}`,
      },
      {
        name: '@sluice/browser/no-remote required on a server, in CommonJS',
        file: 'no-remote.cjs',
        code: `const { Analytics, AnalyticsBrowser } = require('@sluice/browser/no-remote')\n${useOnServer}`,
      },
      {
        name: '@sluice/browser/no-remote compiled as an ES module (nodenext)',
        file: 'no-remote.mts',
        code: typedNoRemote,
        compilerOptions: { module: 'nodenext', lib: ['ES2022', 'DOM'] },
      },
      {
        name: '@sluice/browser/snippet imported where pages are written',
        file: 'snippet.mjs',
        code: `import { createSnippet, installSnippet } from '@sluice/browser/snippet'\n${makeSnippet}`,
      },
      {
        name: '@sluice/browser/snippet required where pages are written',
        file: 'snippet.cjs',
        code: `const { createSnippet, installSnippet } = require('@sluice/browser/snippet')\n${makeSnippet}`,
      },
      {
        name: '@sluice/browser/snippet compiled as an ES module (nodenext)',
        file: 'snippet.mts',
        code: typedSnippet,
        compilerOptions: { module: 'nodenext', lib: ['ES2022', 'DOM'] },
      },
      {
        name: '@sluice/browser brings its classic script, with what that loads later next to it',
        file: 'standalone.mjs',
        code: `
import { readFileSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
const script = fileURLToPath(import.meta.resolve('@sluice/browser/standalone/sluice.min.js'))
const names = [...readFileSync(script, 'utf8').matchAll(/"\\.\\/(sluice-[\\w-]+\\.js)"/g)].map(([, name]) => name)
const files = readdirSync(new URL('.', import.meta.resolve('@sluice/browser/standalone/sluice.min.js')))
const missing = names.filter((name) => !files.includes(name))
if (names.length === 0 || missing.length > 0) throw new Error('missing: ' + missing)
`,
      },
      {
        name: '@sluice/browser does nothing when it is imported',
        file: 'import.mjs',
        code: `
const names = () => Object.getOwnPropertyNames(globalThis).join()
const before = names()
await import('@sluice/browser')
if (names() !== before) throw new Error('there are globals that were not there before')
`,
      },
      {
        name: '@sluice/browser compiled as an ES module (nodenext)',
        file: 'use.mts',
        code: typedUseInBrowser,
        compilerOptions: { module: 'nodenext', lib: ['ES2022', 'DOM'] },
      },
      {
        name: '@sluice/browser compiled as CommonJS (nodenext)',
        file: 'use.cts',
        code: typedUseInBrowser,
        compilerOptions: { module: 'nodenext', lib: ['ES2022', 'DOM'] },
      },
      {
        name: '@sluice/browser compiled for a bundler',
        file: 'bundled.ts',
        code: typedUseInBrowser,
        compilerOptions: { module: 'esnext', moduleResolution: 'bundler', lib: ['ES2022', 'DOM'] },
      },
    ],
    bundled: {
      name: '@sluice/browser',
      code: `import { Analytics, AnalyticsBrowser } from '@sluice/browser'\n${useOnServer}`,
      later: 'ajs_trait_',
    },
  },
  {
    name: '@sluice/node',
    packages: ['@sluice/core', '@sluice/node'],
    mayInstall: ['@sluice/core', '@sluice/node', 'dset'],
    runsAtEdge: true,
    uses: [
      {
        name: '@sluice/node imported in an ES module',
        file: 'use.mjs',
        code: `import DefaultAnalytics, { Analytics, Context, FetchHTTPClient } from '@sluice/node'\n${useAnalytics}`,
      },
      {
        name: '@sluice/node required in CommonJS',
        file: 'use.cjs',
        code: `const { Analytics, Context, default: DefaultAnalytics, FetchHTTPClient } = require('@sluice/node')\n${useAnalytics}`,
      },
      {
        name: '@sluice/node compiled as an ES module (nodenext)',
        file: 'use.mts',
        code: typedUse,
        compilerOptions: { module: 'nodenext', lib: ['ES2022'], types: ['node'] },
      },
      {
        name: '@sluice/node compiled as CommonJS (nodenext)',
        file: 'use.cts',
        code: typedUse,
        compilerOptions: { module: 'nodenext', lib: ['ES2022'], types: ['node'] },
      },
      {
        name: '@sluice/node compiled for a bundler',
        file: 'bundled.ts',
        code: typedUse,
        compilerOptions: { module: 'esnext', moduleResolution: 'bundler', lib: ['ES2022'], types: ['node'] },
      },
      {
        name: '@sluice/node compiled for an edge worker',
        file: 'edge.ts',
        code: typedUse,
        compilerOptions: {
          module: 'esnext',
          moduleResolution: 'bundler',
          customConditions: ['workerd'],
          lib: ['ES2022', 'WebWorker'],
        },
      },
      {
        name: '@sluice/core imported and required',
        file: 'core.mjs',
        code: `
import { createRequire } from 'node:module'
const imported = Object.keys(await import('@sluice/core')).sort()
const required = Object.keys(createRequire(import.meta.url)('@sluice/core')).sort()
if (imported.length === 0 || imported.join() !== required.join()) throw new Error(imported + ' is not ' + required)
`,
      },
    ],
  },
  {
    name: '@sluice/dev-server',
    packages: ['@sluice/dev-server'],
    mayInstall: [
      '@sluice/dev-server',
      'commander',
      'jose',
      'libsql',
      '@neon-rs/load',
      'detect-libc',
      /^@libsql\//,
    ],
    uses: [
      {
        name: '@sluice/dev-server started and asked',
        file: 'use.mjs',
        code: `
import { createDevServer } from '@sluice/dev-server'
const server = await createDevServer({ port: 0, memory: true, anyKey: true })
const { status } = await fetch(new URL('/health', server.url))
await server.close()
if (status !== 200) throw new Error('/health answered ' + status)
`,
      },
      {
        name: '@sluice/dev-server required in CommonJS',
        file: 'use.cjs',
        code: `
const { createDevServer, DevServerError } = require('@sluice/dev-server')
const testing = require('@sluice/dev-server/testing')
if (testing.DevServerError !== DevServerError) throw new Error('there are two classes of one error')
createDevServer({ port: 0, memory: true, anyKey: true }).then(async (server) => {
  const events = await testing.createTestClient(server.url).events()
  await server.close()
  if (events.length !== 0) throw new Error('there are events already')
})
`,
      },
      {
        name: '@sluice/dev-server has its command',
        file: 'command.mjs',
        code: `
import { execFileSync } from 'node:child_process'
execFileSync('node_modules/.bin/sluice-dev', ['--help'])
// The name of the package is ours; that of its command alone could be anybody's, where the package is not installed.
execFileSync('npx', ['--no', '@sluice/dev-server', '--', '--help'])
`,
      },
    ],
  },
  {
    name: 'all packages',
    packages: ['@sluice/core', '@sluice/browser', '@sluice/node', '@sluice/dev-server'],
    uses: [],
    meetsOlderTools: true,
  },
]
