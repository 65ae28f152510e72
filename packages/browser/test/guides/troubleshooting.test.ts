/** Runs the examples of the page on trouble, and holds its tables to the source. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as devServer from '@sluice/dev-server'
import ts from 'typescript'
import * as vitest from 'vitest'
import { describe, expect, it, vi } from 'vitest'
import type { AnalyticsBrowser } from '../../src'
import * as library from '../../src'
import { settingsOf, startServer } from '../client/support/fake-server'
import {
  advance,
  errorsOf,
  load,
  outbox,
  plugin,
  settled,
  stateOf,
  useFreshPages,
} from '../client/support/start-page'
import { holdScripts } from '../support/held-scripts'

const root = join(import.meta.dirname, '../../../..')
const page = readFileSync(join(root, 'docs/troubleshooting.md'), 'utf8')

/** The examples, by the names of files that they begin with. */
const examples = new Map(
  [...page.matchAll(/^```ts\n\/\/ (\S+)\.ts\n([\s\S]*?)^```$/gm)].map(([, name = '', code = '']) => [
    name,
    code,
  ]),
)
const ran = new Set<string>()

/** Runs an example and answers what it exports. `analytics` is the client that it finds under `@/analytics`. */
function run<Exported>(name: string, analytics?: AnalyticsBrowser): Exported {
  ran.add(name)
  const { outputText } = ts.transpileModule(examples.get(name) ?? '', {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
  })
  const exports = {}
  const modules: Record<string, unknown> = {
    '@sluice/browser': library,
    '@sluice/dev-server': devServer,
    vitest,
    '@/analytics': { analytics },
  }
  new Function('require', 'exports', outputText)((id: string) => modules[id], exports)
  return exports as Exported
}

type WithClient = { analytics: AnalyticsBrowser }

/** What the first columns of a table say, of the one whose head begins so. */
function rowsOf(head: string): string[][] {
  const lines = page.split('\n')
  const start = lines.findIndex((line) => new RegExp(`^\\| ${head} +\\|`).test(line)) + 2
  const end = lines.findIndex((line, index) => index >= start && !line.startsWith('|'))
  return lines.slice(start, end).map((line) =>
    line
      .slice(1)
      .split('|')
      .map((cell) => cell.trim()),
  )
}

/** The codes that a package's source gives to errors that it emits. */
function codesOf(name: string): Set<string> {
  const folder = join(root, 'packages', name, 'src')
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ts'),
  )
  const source = files.map((file) => readFileSync(join(folder, file), 'utf8')).join('\n')
  return new Set(
    [...source.matchAll(/(?:emit\('error', \{ code: |\bcode = .*\? )'(\w+)'(?: : '(\w+)')?/g)].flatMap(
      ([, ...codes]) => codes.filter(Boolean),
    ),
  )
}

describe('the table of codes', () => {
  const rows = rowsOf('code')

  it.each(['browser', 'node'])('has those of the %s library, and no others', (name) => {
    const told = rows.filter(([, libraries]) => libraries?.includes(name)).map(([code]) => code)

    expect(told.sort()).toEqual([...codesOf(name)].sort().map((code) => `\`${code}\``))
  })
})

describe('the examples', () => {
  useFreshPages()

  it('analytics.ts tells of events that are lost, and prints what happened to each', async () => {
    startServer().script(401)
    const table = vi.spyOn(console, 'table').mockImplementation(() => {})
    const { analytics } = run<WithClient>('analytics')
    const ctx = await analytics.track('A')

    expect(console.error).toHaveBeenCalledWith('delivery_failure', new Error('[401] Status 401'), ctx.event)
    expect(table).toHaveBeenCalledTimes(2)
  })

  it('analytics.ts tells of a client that there is not', async () => {
    startServer()
    const reason = new Error('mine')
    const updateCDNSettings = () => {
      throw reason
    }
    vi.spyOn(library.AnalyticsBrowser, 'load').mockReturnValue(load({ updateCDNSettings }))
    run('analytics')
    await settled()

    expect(console.error).toHaveBeenCalledWith('There is no client', reason)
  })

  it('one-event.ts tells what became of it', async () => {
    const server = startServer()
    const { tellOfOne } = run<{ tellOfOne(): Promise<string[]> }>('one-event', load())
    const told = await tellOfOne()
    expect(told[0]).toBe('debug: Dispatching')
    expect(told.slice(-2)).toEqual(['debug: Delivered', 'failed: no'])

    server.script(400)
    expect((await tellOfOne()).slice(-2)).toEqual([
      'error: Failed to deliver',
      'failed: Error: [400] Status 400',
    ])
  })

  it('local.ts asks the dev server for settings, and sends there whatever it answers', async () => {
    const server = startServer()
    await run<WithClient>('local').analytics.track('A')

    expect(server.settingsRequests).toEqual(['http://127.0.0.1:4777/v1/projects/dev/settings'])
    expect(server.requests.map(({ url }) => url)).toEqual(['http://127.0.0.1:4777/v1/t'])
  })

  it('first-party.ts talks to hosts of its own alone', async () => {
    const server = startServer()
    await run<WithClient>('first-party').analytics.track('A')

    expect(server.settingsRequests).toEqual(['https://cdn.example.com/v1/projects/YOUR_WRITE_KEY/settings'])
    expect(server.requests.map(({ url }) => url)).toEqual(['https://events.example.com/v1/t'])
  })

  it('consent.ts sends, asks and keeps nothing before the visitor agrees', async () => {
    const server = startServer()
    const { analytics, agreed } = run<WithClient & { agreed(): void }>('consent')
    const first = stateOf(analytics.track('0'))
    for (let count = 1; count <= 1_000; count++) void analytics.track(`${count}`)
    expect(await first).toEqual({ rejected: new Error('More than 1000 calls wait for load') })
    expect([server.settingsRequests, localStorage.length, document.cookie]).toEqual([[], 0, ''])

    agreed()
    await advance(0)
    expect(server.names[0]).toBe('1')
  })

  it('missing.ts names destinations that were not loaded, and `error` says why', async () => {
    startServer().settings = {
      ...settingsOf('k'),
      remotePlugins: [
        {
          name: 'Chat',
          creationName: 'Chat',
          url: 'https://cdn.test/chat.js',
          libraryName: 'chat',
          settings: {},
        },
      ],
    }
    const scripts = holdScripts()
    const analytics = load({ remotePluginWait: 0 })
    const errors = errorsOf(analytics)
    await advance(0)
    scripts.fire('error')
    await settled()
    const { missingDestinations } = run<{ missingDestinations(): Promise<string[]> }>('missing', analytics)

    expect(await missingDestinations()).toEqual(['Chat'])
    const reason = new Error('The destination Chat could not be loaded', {
      cause: new Error('The script https://cdn.test/chat.js could not be loaded'),
    })
    expect(errors).toEqual([[{ code: 'initialization_failure', reason }]])
  })

  it('patient.ts waits for scripts that add something, three seconds', async () => {
    const server = startServer()
    server.settings = {
      ...settingsOf('k'),
      remotePlugins: [
        {
          name: 'Chat',
          creationName: 'Chat',
          url: 'https://cdn.test/chat.js',
          libraryName: 'chat',
          settings: {},
        },
      ],
    }
    holdScripts()
    void run<WithClient>('patient').analytics.page()
    await advance(2_900)
    expect(server.names).toEqual([])

    await advance(200)
    expect(server.names).toEqual(['page'])
  })

  it('page-views.ts tells of a page that the visitor comes back to, and of no other', async () => {
    const server = startServer()
    run<{ trackReturns(): void }>('page-views', load()).trackReturns()
    const shown = (persisted: boolean) =>
      window.dispatchEvent(Object.assign(new Event('pageshow'), { persisted }))
    shown(false)
    await settled()
    expect(server.names).toEqual([])

    shown(true)
    await settled()
    expect(server.names).toEqual(['page'])
  })
})

describe('what the page says of trouble', () => {
  useFreshPages()

  it('All: false of load keeps everything from the Tracking API, that of a call does not', async () => {
    const server = startServer()
    await load({ integrations: { All: false } }).track('of load')
    await load({ integrations: { All: false, 'Segment.io': true } }).track('of load, with an exception')
    await load().track('of a call', {}, { integrations: { All: false } })

    expect(server.names).toEqual(['of load, with an exception', 'of a call'])
  })

  it('settings without an apiKey make events that carry no key', async () => {
    const server = startServer()
    await load({}, { cdnSettings: { integrations: { 'Segment.io': {} } } }).track('A')

    expect(server.requests[0]?.init.headers).not.toHaveProperty('Authorization')
    expect(server.events[0]).not.toHaveProperty('writeKey')
  })

  it('an apiHost without its base path has the path of the event put behind it', async () => {
    const server = startServer()
    await load({ integrations: { 'Segment.io': { apiHost: 'events.example.com' } } }).track('A')

    expect(server.requests[0]?.url).toBe('https://events.example.com/t')
  })

  it('an answer without settings is final, and who listens behind an await hears nothing of it', async () => {
    const server = startServer()
    server.settings = 404
    const analytics = load()
    const early = errorsOf(analytics)
    const [client] = await analytics
    const late = errorsOf(client)
    await advance(60_000)

    const url = 'https://cdn.segment.com/v1/projects/write-key/settings'
    const reason = new Error(`${url} answered no settings`)
    expect(early).toEqual([[{ code: 'settings_failure', reason }]])
    expect(late).toEqual([])
    expect(server.settingsRequests).toEqual([url])
  })

  it('no answer is told of after ten retries, in about four minutes', async () => {
    const server = startServer()
    server.script('reset')
    const analytics = load()
    const errors = errorsOf(analytics)
    void analytics.track('A')
    await advance(200_000)
    expect(errors).toEqual([])

    await advance(80_000)
    expect(errors.map(([{ code }]) => code)).toEqual(['delivery_failure'])
    expect(server.requests).toHaveLength(11)
  })

  it('an event whose place on the device went to newer ones is still delivered', async () => {
    const server = startServer()
    server.script('hang')
    const analytics = load()
    const errors = errorsOf(analytics)
    await analytics
    const text = 'x'.repeat(400_000)
    for (const name of ['A', 'B', 'C', 'D', 'E']) void analytics.track(name, { text })
    await advance(0)
    expect(errors.map(([{ code }]) => code)).toEqual(['outbox_full'])
    expect(outbox().map(({ event }) => event)).toEqual(['B', 'C', 'D', 'E'])
    expect(server.names).toContain('A')
  })

  it('an event that a plugin drops is no error; its context names the plugin', async () => {
    startServer()
    const drop = plugin({ name: 'Picky', track: () => null })
    const analytics = load({}, { plugins: [drop] })
    const errors = errorsOf(analytics)
    const ctx = await analytics.track('A')

    expect(ctx.failedDelivery()?.reason).toMatchObject({ by: 'Picky' })
    expect(errors).toEqual([])
  })

  it('a plugin of yours that cannot be loaded is no error either, but one of the queue', async () => {
    startServer()
    const failed = vi.fn()
    const analytics = load()
    const errors = errorsOf(analytics)
    const [client] = await analytics
    client.queue.on('initialization_failure', failed)
    await client.register(plugin({ name: 'Mine', load: () => Promise.reject(new Error('no')) }))

    expect(client.queue.failedInitializations).toEqual(['Mine'])
    expect([errors.length, failed.mock.calls.length]).toEqual([0, 1])
  })
})

describe('checkout.test.ts', () => {
  run('checkout.test')
})

describe('arrival.test.ts', () => {
  run('arrival.test')
})

it('every example of the page is run', () => {
  expect([...ran].sort()).toEqual([...examples.keys()].sort())
  expect(examples.size).toBe(page.match(/^```ts/gm)?.length)
})
