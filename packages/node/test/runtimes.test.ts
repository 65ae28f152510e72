import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { EdgeVM } from '@edge-runtime/vm'
import { jwtVerify } from 'jose'
import { Miniflare, type MiniflareOptions } from 'miniflare'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { detectRuntime } from '../src/runtime'
import { buildIfMissing, runNode } from './support/built-package'
import { bundle, packageFolder } from './support/bundle'
import { until } from './support/leave-nothing'
import { closeServers, type LocalServer, startServer } from './support/local-server'

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const clientKey = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()

let server: LocalServer

beforeAll(async () => {
  await buildIfMissing()
  server = await startServer((response, request) => {
    if (request.path.startsWith('/hang')) return
    if (request.path !== '/token') {
      response.end('{"success":true}')
      return
    }
    const assertion = new URLSearchParams(request.body).get('client_assertion') ?? ''
    jwtVerify(assertion, publicKey, { audience: server.url }).then(
      () => response.end('{"access_token":"token","expires_in":3600}'),
      () => response.writeHead(401).end(),
    )
  })
}, 120_000)

afterAll(closeServers)

interface ReceivedEvent {
  event: string
  userId: string
  context: Record<string, unknown>
  _metadata: Record<string, unknown>
}

/** What arrived at the server under this name, and how it was authorised and encoded. */
function arrivals(name: string) {
  return server.requests
    .filter(({ path }) => path === '/v1/batch')
    .flatMap(({ body, headers }) => {
      const { batch } = JSON.parse(body) as { batch: ReceivedEvent[] }
      return batch
        .filter(({ event }) => event === name)
        .map((event) => ({
          ...event,
          authorization: headers.authorization,
          encoding: headers['content-encoding'],
        }))
    })
}

/** What `_metadata` of this event says. */
const metadata = (name: string) => arrivals(name).map((event) => event._metadata)

describe('given the marks of a runtime', () => {
  const nodeProcess = { env: {}, version: 'v22.0.0' }

  it.each<[string, Parameters<typeof detectRuntime>[0]]>([
    ['node', { process: nodeProcess }],
    ['node', { process: nodeProcess, navigator: { userAgent: 'Node.js/22' } }],
    ['cloudflare-worker', { WebSocketPair: class {} }],
    ['cloudflare-worker', { navigator: { userAgent: 'Cloudflare-Workers' }, process: nodeProcess }],
    ['vercel-edge', { EdgeRuntime: 'edge-runtime', process: { env: {} } }],
    ['vercel-edge', { EdgeRuntime: 'vercel', process: nodeProcess }],
    ['browser', { window: {}, navigator: { userAgent: 'Mozilla/5.0' } }],
    ['browser', { window: {}, process: { env: {} } }],
    ['web-worker', { WorkerGlobalScope: class {}, importScripts: () => {} }],
    ['unknown', {}],
    ['unknown', { process: { env: {} }, WorkerGlobalScope: class {} }],
  ])('takes it for %s: %o', (runtime, marks) => {
    expect(detectRuntime(marks)).toBe(runtime)
  })
})

const delivered = { accepted: 1, delivered: 1, failed: 0, dropped: 0, pending: 0, pendingBytes: 0 }

describe('given Node', () => {
  const node = { jsRuntime: 'node', nodeVersion: process.version }

  /** Sends one event and ends, by itself, when there is nothing left to do. */
  const program = (name: string, client = '') => `
    if (Default !== Analytics) throw new Error('The default export is another class')
    const analytics = new Analytics({ writeKey: 'key', host: '${server.url}' ${client} })
    analytics.track({ userId: 'u', event: '${name}' })
    analytics.closeAndFlush().then(() => console.log(JSON.stringify(analytics.counts())))`

  it.each([
    ['named', 'import { Analytics } from "@sluice/node"; const Default = Analytics;'],
    ['default', 'import Default from "@sluice/node"; const Analytics = Default;'],
    ['both', 'import Default, { Analytics } from "@sluice/node";'],
    ['dynamic', 'const { default: Default, Analytics } = await import("@sluice/node");'],
  ])('runs as an ES module, with the %s import', async (kind, load) => {
    const name = `esm ${kind}`
    const { code, output } = await runNode(['--input-type=module', '-e', load + program(name)])

    expect({ code, output }).toEqual({ code: 0, output: JSON.stringify(delivered) })
    expect(metadata(name)).toEqual([node])
  })

  it('runs as CommonJS', async () => {
    const load = 'const { default: Default, Analytics } = require("@sluice/node");'
    const { code, output } = await runNode(['--input-type=commonjs', '-e', load + program('cjs')])

    expect({ code, output }).toEqual({ code: 0, output: JSON.stringify(delivered) })
    expect(metadata('cjs')).toEqual([node])
  })

  it.each([
    ['ES module', 'module', 'import Default, { Analytics, NodeHTTPClient } from "@sluice/node";'],
    [
      'CommonJS',
      'commonjs',
      'const { default: Default, Analytics, NodeHTTPClient } = require("@sluice/node");',
    ],
  ])('ends although NodeHTTPClient keeps connections and OAuth renews tokens: %s', async (_, type, load) => {
    const name = `oauth ${type}`
    const oauth = { clientId: 'c', clientKey, keyId: 'k', authServer: server.url }
    const client = `, httpClient: new NodeHTTPClient({ gzip: true }), oauthSettings: ${JSON.stringify(oauth)}`
    const source = load + program(name, client).replace('closeAndFlush', 'flush')
    const { code, output } = await runNode([`--input-type=${type}`, '-e', source])

    expect({ code, output }).toEqual({ code: 0, output: JSON.stringify(delivered) })
    expect(arrivals(name)).toMatchObject([{ authorization: 'Bearer token', encoding: 'gzip' }])
  })

  it('sends an event of a program that only calls track, and then lets it end', async () => {
    const source = `
      import { Analytics } from '@sluice/node'
      const analytics = new Analytics({ writeKey: 'key', host: '${server.url}', flushInterval: 100 })
      analytics.track({ userId: 'u', event: 'just track' })`
    const { code, output } = await runNode(['--input-type=module', '-e', source])

    expect({ code, output }).toEqual({ code: 0, output: '' })
    expect(arrivals('just track')).toHaveLength(1)
  })

  it('does nothing when it is imported', async () => {
    const source = `
      const before = [Object.keys(globalThis).join(), process.eventNames().join()]
      await import('@sluice/node')
      const after = [Object.keys(globalThis).join(), process.eventNames().join()]
      const resources = process.getActiveResourcesInfo().filter((kind) => kind !== 'CloseReq')
      console.log(JSON.stringify(before) === JSON.stringify(after), resources.join())`
    const { code, output } = await runNode(['--input-type=module', '-e', source])

    expect({ code, output }).toEqual({ code: 0, output: 'true' })
  })

  it('runs in a worker thread', async () => {
    const source = `
      const { parentPort } = require('node:worker_threads')
      const { Analytics } = require(${JSON.stringify(`${packageFolder}dist/index.cjs`)})
      const analytics = new Analytics({ writeKey: 'key', host: '${server.url}' })
      analytics.track({ userId: 'u', event: 'thread' })
      analytics.closeAndFlush().then(() => parentPort.postMessage(analytics.counts()))`
    const worker = new Worker(source, { eval: true })
    const ended = once(worker, 'exit')
    const [counts] = await once(worker, 'message')
    const [code] = await ended

    expect({ counts, code }).toEqual({ counts: delivered, code: 0 })
    expect(metadata('thread')).toEqual([node])
  })
})

/** What can be asked of an edge function; its settings come with the request. */
const checks = `
  import Default, { Analytics } from '@sluice/node'

  const ended = (analytics) => {
    const reasons = []
    analytics.on('error', ({ reason }) => reasons.push(String(reason)))
    return reasons
  }

  // Made when the module is loaded, before there is any request; used by all of them.
  let shared = globalThis.sluiceHost && new Analytics({ writeKey: 'key', host: globalThis.sluiceHost })

  globalThis.checks = {
    async send(settings, name) {
      if (Default !== Analytics) throw new Error('The default export is another class')
      const analytics = new Analytics(settings)
      const reasons = ended(analytics)
      analytics.track({ userId: 'u', event: name })
      await analytics.closeAndFlush()
      return { counts: analytics.counts(), reasons }
    },
    async sendShared(settings, name) {
      shared ??= new Analytics(settings)
      shared.track({ userId: 'u', event: name })
      await shared.flush()
      return shared.counts()
    },
    async answerFirst(settings, name, waitUntil) {
      const analytics = new Analytics({ ...settings, waitUntil })
      analytics.track({ userId: 'u', event: name })
      return 'answered'
    },
    async scope(settings, name) {
      const analytics = new Analytics(settings)
      await analytics.withContext({ userId: 'scoped', context: { ip: '1.2.3.4' } }, async () => {
        await new Promise((resolve) => setTimeout(resolve, 1))
        analytics.scoped.track({ event: name })
      })
      await analytics.closeAndFlush()
      return analytics.counts()
    },
    async receipt(settings, name) {
      const analytics = new Analytics(settings)
      analytics.withContext({ userId: 'scoped' }, () => {
        analytics.scoped.track({ event: name }, () => analytics.scoped.track({ event: name + ' receipt' }))
      })
      await analytics.flush()
      await analytics.closeAndFlush()
      return analytics.counts()
    },
    async share(settings, name, waitUntil) {
      const analytics = new Analytics(settings)
      return analytics.withContext({ userId: 'scoped', waitUntil: waitUntil ?? (() => {}) }, () => 'shared')
    },
  }`

const lacksScopes =
  'Error: withContext needs AsyncLocalStorage, which this runtime lacks (Workers: set nodejs_compat)'

type Check = 'send' | 'sendShared' | 'answerFirst' | 'scope' | 'receipt' | 'share'
type RunCheck = (check: Check, name: string, settings?: object) => Promise<unknown>

/** What every edge runtime must be able to do. */
function edgeContract(label: string, runtime: string, check: RunCheck): void {
  it('delivers, and says where it runs', async () => {
    expect(await check('send', `${label} send`)).toEqual({ counts: delivered, reasons: [] })
    expect(metadata(`${label} send`)).toEqual([{ jsRuntime: runtime }])
  })

  it('delivers with gzip set, compressed or not', async () => {
    expect(await check('send', `${label} gzip`, { gzip: true })).toEqual({ counts: delivered, reasons: [] })
    expect(arrivals(`${label} gzip`)).toHaveLength(1)
  })

  it('delivers with OAuth', async () => {
    const oauthSettings = { clientId: 'c', clientKey, keyId: 'k', authServer: server.url }

    expect(await check('send', `${label} oauth`, { oauthSettings })).toEqual({
      counts: delivered,
      reasons: [],
    })
    expect(arrivals(`${label} oauth`)).toMatchObject([{ authorization: 'Bearer token' }])
  })

  it('delivers through one client for one request after the other', async () => {
    await check('sendShared', `${label} first`)
    await check('sendShared', `${label} second`)

    expect([...arrivals(`${label} first`), ...arrivals(`${label} second`)]).toHaveLength(2)
  })

  it('delivers for requests at the same time, each with a client of its own', async () => {
    const names = ['a', 'b', 'c', 'd', 'e'].map((letter) => `${label} ${letter}`)
    const answers = await Promise.all(names.map((name) => check('send', name)))

    expect(answers).toEqual(names.map(() => ({ counts: delivered, reasons: [] })))
    expect(names.map((name) => arrivals(name).length)).toEqual([1, 1, 1, 1, 1])
  })

  it('gives up a request that takes too long', async () => {
    const settings = { path: '/hang', httpRequestTimeout: 100, maxRetries: 0 }

    expect(await check('send', `${label} hang`, settings)).toEqual({
      counts: { ...delivered, delivered: 0, failed: 1 },
      reasons: [expect.stringMatching(/abort/i)],
    })
  })

  it('sends after the answer, when waitUntil lets it', async () => {
    const answer = await check('answerFirst', `${label} later`)
    await until(() => arrivals(`${label} later`).length > 0)

    expect(answer).toBe('answered')
    expect(arrivals(`${label} later`)).toHaveLength(1)
  })
}

describe('given Vercel’s edge runtime', () => {
  let vm: EdgeVM
  const work: Promise<unknown>[] = []

  const check: RunCheck = (kind, event, settings = {}) => {
    const { checks } = vm.context as unknown as {
      checks: Record<Check, (...args: unknown[]) => Promise<unknown>>
    }
    const waitUntil = (promise: Promise<unknown>) => work.push(promise)
    return checks[kind]({ writeKey: 'key', host: server.url, ...settings }, event, waitUntil)
  }

  beforeAll(async () => {
    const { code } = await bundle(checks, ['edge-light'], 'script')
    vm = new EdgeVM()
    vm.evaluate(code)
  })
  afterAll(() => Promise.all(work))

  edgeContract('vercel', 'vercel-edge', check)

  it('says clearly that it has no AsyncLocalStorage, and takes it where it is a global', async () => {
    await expect(check('scope', 'vercel none')).rejects.toThrow(lacksScopes.replace('Error: ', ''))

    const { AsyncLocalStorage } = await import('node:async_hooks')
    Object.assign(vm.context, { AsyncLocalStorage })

    expect(await check('scope', 'vercel scope')).toEqual(delivered)
    expect(arrivals('vercel scope')).toMatchObject([{ userId: 'scoped', context: { ip: '1.2.3.4' } }])
  })
})

describe.each<[string, Partial<MiniflareOptions>, boolean]>([
  ['without flags', {}, false],
  [
    'with nodejs_compat as of 2024',
    { compatibilityDate: '2024-09-23', compatibilityFlags: ['nodejs_compat'] },
    true,
  ],
  [
    'with nodejs_compat as of 2026',
    { compatibilityDate: '2026-04-20', compatibilityFlags: ['nodejs_compat'] },
    true,
  ],
])('given Cloudflare’s workerd %s', (name, options, hasScopes) => {
  let workerd: Miniflare

  const check: RunCheck = async (kind, event, settings = {}) => {
    const body = JSON.stringify([kind, { writeKey: 'key', host: server.url, ...settings }, event])
    const response = await workerd.dispatchFetch('http://worker.example/', { method: 'POST', body })
    return response.json()
  }

  beforeAll(async () => {
    const host = `globalThis.sluiceHost = ${JSON.stringify(server.url)};`
    const { code } = await bundle(
      `${checks}
      export default {
        async fetch(request, env, ctx) {
          const [check, settings, name] = await request.json()
          try {
            return Response.json(await globalThis.checks[check](settings, name, (work) => ctx.waitUntil(work)))
          } catch (error) {
            return Response.json(String(error))
          }
        },
      }`,
      ['workerd', 'worker'],
      'module',
    )
    workerd = new Miniflare({
      ...options,
      cf: false,
      modules: [{ type: 'ESModule', path: 'worker.mjs', contents: host + code }],
    })
    await workerd.ready
  }, 60_000)
  afterAll(() => workerd.dispose())

  edgeContract(`workerd ${name}`, 'cloudflare-worker', check)

  if (hasScopes) {
    it('knows the scope of a call', async () => {
      expect(await check('scope', `scope ${name}`)).toEqual(delivered)
      expect(arrivals(`scope ${name}`)).toMatchObject([{ userId: 'scoped', context: { ip: '1.2.3.4' } }])
    })

    it('calls back where the call was made', async () => {
      expect(await check('receipt', `order ${name}`)).toMatchObject({ delivered: 2, pending: 0 })
      expect(arrivals(`order ${name} receipt`)).toMatchObject([{ userId: 'scoped' }])
    })

    it('says at once that requests cannot share what they wait for', async () => {
      expect(await check('share', `share ${name}`)).toMatch(
        /^Error: On Workers .* make a client for each request/,
      )
    })
  } else {
    it('says clearly what withContext needs', async () => {
      expect(await check('scope', 'scope without')).toBe(lacksScopes)
    })
  }
})

describe.each([
  ['edge-light', ['edge-light']],
  ['workerd', ['workerd', 'worker']],
  ['browsers and web workers', ['browser']],
])('given a bundle for %s', (_, conditions) => {
  it('needs nothing of Node, and loads OAuth only when it is needed', async () => {
    const source = 'import { Analytics } from "@sluice/node"; globalThis.Analytics = Analytics'
    const { code, modules, laterModules, external } = await bundle(source, conditions, 'split')

    expect(external).toEqual([])
    expect(modules).toContain('dist/edge.js')
    const isOAuth = (path: string) => path.includes('token-authorization')
    expect(modules.filter(isOAuth)).toEqual([])
    expect(laterModules.filter(isOAuth)).not.toEqual([])
    // `getBuiltinModule` may be asked for it; nothing is imported.
    expect(code).not.toMatch(/(from|import|require\()\s*\(?["']node:/)
  })
})
