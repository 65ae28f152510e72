/** Runs the examples of the guide: its tests are tests here, too. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import * as vitest from 'vitest'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type * as sluice from '../../src'
import * as library from '../../src'
import { Analytics, type CDNSettings, type Plugin } from '../../src'
import { startServer } from '../client/support/fake-server'
import { advance, settled, useFreshPages } from '../client/support/start-page'
import { holdScripts } from '../support/held-scripts'

useFreshPages()

const guide = readFileSync(join(import.meta.dirname, '../../../../docs/writing-a-destination.md'), 'utf8')

/** The examples, by the names of files that they begin with. */
const examples = new Map(
  [...guide.matchAll(/^```ts\n\/\/ (\S+)\.ts\n([\s\S]*?)^```$/gm)].map(([, name = '', code = '']) => [
    name,
    code,
  ]),
)
const ran = new Set<string>()

/** Runs an example and answers what it exports. Others are found under `@/`. */
function run(name: string): Record<string, unknown> {
  ran.add(name)
  const { outputText } = ts.transpileModule(examples.get(name) ?? '', {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
  })
  const exports = {}
  const require = (id: string): unknown => {
    if (id === '@sluice/browser') return library
    if (id === 'vitest') return vitest
    return run(id.replace('@/', ''))
  }
  new Function('require', 'exports', outputText)(require, exports)
  return exports
}

/** What an example exports under this name: a function of the type that the guide gives it. */
function take<Exported>(file: string, name: string): Exported {
  return run(file)[name] as Exported
}

type Make<Settings> = (settings: Settings) => Plugin

/** Answers every request, and keeps what was asked. */
function answerRequests(status = 200) {
  const requests: { url: string; keepalive: boolean; body: Record<string, unknown> }[] = []
  vi.stubGlobal('fetch', async (url: string, init: RequestInit = {}) => {
    requests.push({ url, keepalive: init.keepalive === true, body: JSON.parse(String(init.body ?? '{}')) })
    return new Response('', { status })
  })
  return requests
}

async function startClient(plugin: Plugin) {
  const analytics = new Analytics({ writeKey: 'test' })
  await analytics.register(plugin)
  return analytics
}

afterEach(() => {
  Reflect.deleteProperty(window, 'chat')
})

describe('acme.ts and analytics.ts', () => {
  it('bring calls to Acme, beside the Tracking API', async () => {
    const server = startServer()
    const { analytics } = run('analytics') as { analytics: sluice.AnalyticsBrowser }
    await analytics.identify('U', { plan: 'pro' })
    await analytics.track('A', { total: 1 })

    const bodies = server.requests.map(({ url, body }) => [new URL(url).host, body.event ?? body.type])
    expect(bodies).toContainEqual(['api.segment.io', 'A'])
    const toAcme = server.requests.filter(({ url }) => url.startsWith('https://acme.example'))
    expect(toAcme.map(({ url, body }) => [url, body])).toEqual([
      ['https://acme.example/people', { key: 'k', who: 'U', traits: { plan: 'pro' } }],
      [
        'https://acme.example/events',
        { key: 'k', id: expect.any(String), who: 'U', what: 'A', properties: { total: 1 } },
      ],
    ])
  })
})

describe('chat.ts', () => {
  const chat = take<Make<{ script: string }>>('chat', 'chat')

  it('waits for the script, and forgets the visitor with the page', async () => {
    const scripts = holdScripts()
    const analytics = await startClient(chat({ script: 'https://chat.example/1.js' }))
    const sent: unknown[] = []
    const forget = vi.fn()
    void analytics.track('A', { a: 1 })
    await settled()
    Reflect.set(window, 'chat', { send: (...args: unknown[]) => sent.push(args), forget })
    scripts.fire('load')
    await settled()
    expect(sent).toEqual([['A', { a: 1 }]])

    analytics.reset()
    expect(forget).toHaveBeenCalledTimes(1)
  })

  it.each(['load', 'error'] as const)('is taken out if there is no chat: %s', async (end) => {
    const scripts = holdScripts()
    const analytics = await startClient(chat({ script: 'https://chat.example/1.js' }))
    scripts.fire(end)
    await settled()

    expect(analytics.queue.failedInitializations).toEqual(['Chat'])
  })
})

describe('in-batches.ts', () => {
  const acmeInBatches = take<Make<{ key: string }>>('in-batches', 'acmeInBatches')
  const sizes = (requests: ReturnType<typeof answerRequests>) =>
    requests.map(({ body }) => (body.events as unknown[]).length)

  it('sends when it is enough and when it is time', async () => {
    const requests = answerRequests()
    const analytics = await startClient(acmeInBatches({ key: 'k' }))
    for (let count = 0; count < 23; count++) void analytics.track('A')
    await settled()
    expect(sizes(requests)).toEqual([20])

    await advance(5_000)
    expect(sizes(requests)).toEqual([20, 3])
    expect(requests.every(({ keepalive }) => keepalive)).toBe(true)
  })

  it('sends when it is asked to, when it is hidden, and when it goes', async () => {
    const requests = answerRequests()
    const analytics = await startClient(acmeInBatches({ key: 'k' }))
    await analytics.track('A')
    await analytics.flush()
    expect(sizes(requests)).toEqual([1])

    await analytics.track('B')
    vi.spyOn(document, 'visibilityState', 'get').mockReturnValue('hidden')
    document.dispatchEvent(new Event('visibilitychange'))
    await settled()
    expect(sizes(requests)).toEqual([1, 1])

    await analytics.track('C')
    await analytics.deregister('Acme')
    expect(sizes(requests)).toEqual([1, 1, 1])
  })

  it('is not stopped by a request that fails', async () => {
    vi.stubGlobal('fetch', () => Promise.reject(new Error('no network')))
    const analytics = await startClient(acmeInBatches({ key: 'k' }))
    const ctx = await analytics.track('A')
    await advance(5_000)

    expect(ctx.failedDelivery()).toBeUndefined()
    expect(console.warn).toHaveBeenCalledWith('Acme', new Error('no network'))
  })
})

describe('watch-destinations.ts', () => {
  const watchDestinations = take<(analytics: Analytics, report: (text: string) => void) => void>(
    'watch-destinations',
    'watchDestinations',
  )

  it('reports what fails', async () => {
    const acme = take<Make<{ key: string }>>('acme', 'acme')
    vi.stubGlobal('fetch', () => Promise.reject(new Error('no network')))
    const analytics = await startClient(acme({ key: 'k' }))
    const reports: string[] = []
    watchDestinations(analytics, (text) => reports.push(text))
    await analytics.track('A')
    await analytics.register({
      ...acme({ key: 'k' }),
      name: 'Other',
      load: () => Promise.reject(new Error('mine')),
    })
    await settled()

    expect(reports).toEqual(['Acme failed on track: Error: no network', 'Other could not be loaded'])
  })
})

describe('acme-actions.ts and its settings', () => {
  /** What the requests to Acme were. */
  const toAcme = (requests: ReturnType<typeof answerRequests>) =>
    requests
      .filter(({ url }) => url.startsWith('https://acme.example'))
      .map(({ url, body }) => [url, body.event, Object(body.context).acme])

  it('load from npm, with one connection for all actions', async () => {
    const requests = answerRequests()
    const { analytics } = run('with-settings') as { analytics: sluice.AnalyticsBrowser }
    await analytics.track('A')
    await analytics.track('B', {}, { integrations: { 'Acme Send': false } })

    expect(toAcme(requests)).toEqual([
      ['https://acme.example/connect?key=k', undefined, undefined],
      ['https://acme.example/events', 'A', { session: 'none' }],
    ])
  })

  it('send nothing to the Tracking API in a quiet client', async () => {
    const requests = answerRequests()
    const { analytics } = run('quiet-client') as { analytics: sluice.AnalyticsBrowser }
    await analytics.track('A')

    expect(requests.map(({ url }) => url)).toEqual([
      'https://acme.example/connect?key=k',
      'https://acme.example/events',
    ])
  })

  it('load from a script', async () => {
    const requests = answerRequests()
    const scripts = holdScripts()
    const { cdnSettings } = run('acme-settings') as { cdnSettings: CDNSettings }
    const analytics = library.AnalyticsBrowser.load({ writeKey: 'test', cdnSettings })
    void analytics.track('A')
    await settled()
    expect(scripts.all().map(({ src }) => src)).toEqual(['https://cdn.example.com/acme/1.2.0.js'])

    Reflect.set(window, 'acmeDestination', take('acme-actions', 'acme'))
    scripts.fire('load')
    await settled()
    Reflect.deleteProperty(window, 'acmeDestination')
    expect(toAcme(requests).at(-1)).toEqual(['https://acme.example/events', 'A', { session: 'none' }])
  })

  it('are told of when they cannot be loaded', async () => {
    answerRequests(500)
    const errors: unknown[] = []
    const { analytics } = run('with-settings') as { analytics: sluice.AnalyticsBrowser }
    analytics.on('error', ({ code }) => errors.push(code))
    await analytics

    expect(errors).toContain('initialization_failure')
  })
})

describe('acme.test.ts', () => {
  run('acme.test')
})

it('every example of the guide is run', () => {
  expect([...ran].sort()).toEqual([...examples.keys()].sort())
  expect(examples.size).toBe(guide.match(/^```\w/gm)?.length)
})
