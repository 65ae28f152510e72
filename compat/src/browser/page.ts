/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import { setImmediate as realTurn } from 'node:timers/promises'
import { vi } from 'vitest'
import { fields } from '../fields'
import type { Envelope, Fields } from '../library'
import { comparable } from './comparable'
import { type Cookie, type CookieJar, createCookieJar } from './cookie-jar'
import type { BrowserLibrary, EmitterOfPage, Facade, PageClient } from './library'
import { type Answering, createScriptedFetch, type PageReply, type PageRequest } from './scripted-fetch'
import type { BrowserSubject } from './subjects'

/** What a page is like before a library is loaded on it. */
export interface PageSetting {
  url?: string
  title?: string
  referrer?: string
  canonical?: string
  /** Name and value, as written to `document.cookie`, for the widest domain that takes them. */
  cookies?: Record<string, string>
  /** Text under each key. */
  localStorage?: Record<string, string>
  /** What the CDN answers; a number is a status. */
  cdn?: Fields | number | Error
  /** What the Tracking API answers, the last again and again. */
  replies?: PageReply[]
  answer?: Answering
  isOnline?: boolean
  navigator?: Fields
}

export type Settled = { value: unknown } | { error: unknown } | 'pending'

export interface Page {
  readonly subject: BrowserSubject
  readonly library: BrowserLibrary
  readonly cookieJar: CookieJar
  readonly requests: PageRequest[]
  /** What was printed, by level. */
  readonly printed: { level: string; args: unknown[] }[]
  /** The key that the requests of `load` and the settings carry. */
  readonly writeKey: string
  /** Settings as the CDN has them. */
  readonly cdnSettings: Fields
  /** `AnalyticsBrowser.load` with settings at hand. */
  load(options?: Fields, settings?: Fields): Facade
  /** The client, loaded and with nothing to do. */
  start(options?: Fields, settings?: Fields): Promise<PageClient>
  /** Lets time pass, in ms, with everything that comes due on the way. */
  pass(ms: number): Promise<void>
  /** What becomes of a promise within so many ms. */
  settled(promise: unknown, withinMs?: number): Promise<Settled>
  /** The value of a promise that is expected to have one soon. */
  value<T>(promise: PromiseLike<T>): Promise<T>
  /** Bodies of the requests to the Tracking API, in order. */
  sent(): Fields[]
  /** Requests to the Tracking API, in order. */
  deliveries(): PageRequest[]
  /** Everything that is kept on the device, but what ours keeps under names of its own. */
  kept(): { localStorage: Record<string, string>; cookies: Record<string, Cookie> }
  go(url: string): void
  setOnline(isOnline: boolean): void
  setVisible(isVisible: boolean): void
  leave(): void
  /** Everything a client and its queue emit from now on. */
  listen(client: PageClient): { emitted: unknown[][] }
}

const began = Date.UTC(2031, 4, 17, 9, 30)

const emittedByClient = [
  'initialize',
  'dispatch_start',
  'track',
  'page',
  'screen',
  'identify',
  'group',
  'alias',
  'reset',
  'error',
]

const emittedByQueue = [
  'message_enriched',
  'message_delivered',
  'delivery_success',
  'delivery_retry',
  'delivery_failure',
  'flush',
  'initialization_failure',
]

/** Runs a script on a fresh page with one of the libraries and answers its facts as plain data. */
export async function onPage(
  subject: BrowserSubject,
  setting: PageSetting,
  script: (page: Page) => Promise<unknown>,
): Promise<unknown> {
  // Before time stands still: the first import of a library takes real time.
  const library = await subject.load()
  const cleanUp = setUp()
  try {
    return comparable(await script(openPage(subject, library, setting, cleanUp)), subject)
  } finally {
    for (const run of cleanUp.splice(0).reverse()) run()
  }
}

function setUp(): (() => unknown)[] {
  vi.useFakeTimers({ now: began })
  const restore: (() => unknown)[] = [
    () => vi.useRealTimers(),
    // Whatever is still under way when the page is over reaches nobody.
    () => vi.stubGlobal('fetch', () => new Promise(() => {})),
  ]
  // Listeners of a page end with it.
  for (const target of [globalThis, document]) {
    const { addEventListener, removeEventListener } = target
    const added: Parameters<typeof addEventListener>[] = []
    target.addEventListener = (...args: Parameters<typeof addEventListener>) => {
      added.push(args)
      addEventListener.apply(target, args)
    }
    restore.push(() => {
      target.addEventListener = addEventListener
      for (const args of added) removeEventListener.apply(target, args)
    })
  }
  return restore
}

function openPage(
  subject: BrowserSubject,
  library: BrowserLibrary,
  setting: PageSetting,
  cleanUp: (() => unknown)[],
): Page {
  const {
    url = 'https://www.example.com/shop/cart?a=1#top',
    title = 'A page',
    referrer = 'https://other.example.org/from',
    canonical,
    cookies = {},
    cdn = {},
    replies = [200],
  } = setting
  const writeKey = 'the-key'
  const cdnSettings = { integrations: { 'Segment.io': { apiKey: writeKey } }, ...(isFields(cdn) && cdn) }

  const define = (target: object, key: string, descriptor: PropertyDescriptor) => {
    const before = Object.getOwnPropertyDescriptor(target, key)
    Object.defineProperty(target, key, { configurable: true, ...descriptor })
    cleanUp.push(() => {
      if (before) Object.defineProperty(target, key, before)
      else Reflect.deleteProperty(target, key)
    })
  }

  go(url)
  document.title = title
  document.head.querySelector("link[rel='canonical']")?.remove()
  document.body.innerHTML = ''
  if (canonical !== undefined) {
    const link = document.createElement('link')
    link.setAttribute('rel', 'canonical')
    link.setAttribute('href', canonical)
    document.head.append(link)
    cleanUp.push(() => link.remove())
  }
  let isOnline = setting.isOnline ?? true
  let isVisible = true
  define(document, 'referrer', { get: () => referrer })
  define(document, 'visibilityState', { get: () => (isVisible ? 'visible' : 'hidden') })
  define(navigator, 'onLine', { get: () => isOnline })
  for (const [key, value] of Object.entries(setting.navigator ?? {})) define(navigator, key, { value })
  Reflect.deleteProperty(globalThis, 'analytics')

  const jar = createCookieJar(
    () => location.hostname,
    () => Date.now(),
  )
  define(document, 'cookie', { get: jar.read, set: jar.write })
  for (const [name, value] of Object.entries(cookies)) writeWidely(jar, `${name}=${value}; path=/`)
  jar.calls.writes = 0
  localStorage.clear()
  for (const [key, text] of Object.entries(setting.localStorage ?? {})) localStorage.setItem(key, text)

  const waiting = [...replies]
  const answer: Answering = (request) => {
    if (request.url.endsWith('/settings')) {
      return typeof cdn === 'number' || cdn instanceof Error ? cdn : { status: 200, body: cdnSettings }
    }
    if (setting.answer) return setting.answer(request)
    return (waiting.length > 1 ? waiting.shift() : waiting[0]) ?? 200
  }
  const http = createScriptedFetch(answer, () => Date.now() - began)
  vi.stubGlobal('fetch', http.fetch)

  const printed: { level: string; args: unknown[] }[] = []
  for (const level of ['log', 'warn', 'error', 'table', 'info', 'debug'] as const) {
    const spy = vi
      .spyOn(console, level)
      .mockImplementation((...args: unknown[]) => void printed.push({ level, args }))
    cleanUp.push(() => spy.mockRestore())
  }

  const pass = async (ms: number) => {
    await turns()
    await vi.advanceTimersByTimeAsync(ms)
    await turns()
  }

  async function settled(promise: unknown, withinMs = 5_000): Promise<Settled> {
    let end: Settled = 'pending'
    Promise.resolve(promise).then(
      (value) => {
        end = { value }
      },
      (error: unknown) => {
        end = { error }
      },
    )
    // What comes at once, a timer of 0 ms at a time, is no matter of milliseconds.
    for (let turn = 0; end === 'pending' && turn < 10; turn += 1) await pass(0)
    for (let waited = 0; end === 'pending' && waited < withinMs; waited += 1) {
      await vi.advanceTimersByTimeAsync(1)
      await turns(2)
    }
    return end
  }

  async function value<T>(promise: PromiseLike<T>): Promise<T> {
    const end = await settled(promise)
    if (end === 'pending') throw new Error('a promise stayed pending')
    if ('error' in end) throw end.error
    return end.value as T
  }

  const load = (options: Fields = {}, settings: Fields = {}) =>
    library.AnalyticsBrowser.load({ writeKey, cdnSettings, ...settings }, options)
  const deliveries = () => http.requests.filter(({ method }) => method === 'POST')

  return {
    subject,
    library,
    writeKey,
    cdnSettings,
    printed,
    cookieJar: jar,
    requests: http.requests,
    pass,
    settled,
    value,
    load,
    go,
    async start(options, settings) {
      const [client] = await value(load(options, settings))
      await pass(1)
      return client
    },
    deliveries,
    sent: () => deliveries().map(({ body }) => fields(body)),
    kept: () => ({
      localStorage: Object.fromEntries(
        // The peer writes down that there is no value; with ours there is no key.
        Object.entries(localStorage).filter(([key, text]) => !key.startsWith('sluice:') && text !== 'null'),
      ),
      cookies: jar.all(),
    }),
    setOnline(online) {
      isOnline = online
      window.dispatchEvent(new Event(online ? 'online' : 'offline'))
    },
    setVisible(visible) {
      isVisible = visible
      document.dispatchEvent(new Event('visibilitychange'))
    },
    leave() {
      isVisible = false
      document.dispatchEvent(new Event('visibilitychange'))
      window.dispatchEvent(new Event('pagehide'))
    },
    listen(client) {
      const emitted: unknown[][] = []
      const note = (emitter: EmitterOfPage, names: string[]) => {
        for (const name of names) emitter.on(name, (...args) => emitted.push([name, ...args]))
      }
      note(client, emittedByClient)
      note(client.queue, emittedByQueue)
      return { emitted }
    },
  }
}

/** Real turns of the event loop: what a library imports on first use comes in between. */
async function turns(count = 3): Promise<void> {
  for (let i = 0; i < count; i += 1) await realTurn()
}

function go(url: string): void {
  const page: unknown = Reflect.get(window, 'happyDOM')
  if (typeof page === 'object' && page !== null) Reflect.get(page, 'setURL').call(page, url)
}

function writeWidely(jar: CookieJar, cookie: string): void {
  const labels = location.hostname.split('.')
  const count = () => Object.keys(jar.all()).length
  const before = count()
  for (let first = labels.length - 2; first >= 0 && count() === before; first -= 1) {
    jar.write(`${cookie}; domain=${labels.slice(first).join('.')}`)
  }
  if (count() === before) jar.write(cookie)
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !(value instanceof Error)
}

/** Makes a call that is known by name alone. */
export function callOf(client: object, method: string, args: readonly unknown[]): unknown {
  const run: unknown = Reflect.get(client, method)
  if (typeof run !== 'function') throw new TypeError(`${method} is no method`)
  return Reflect.apply(run, client, args)
}

/** What a context holds besides its event; times differ from run to run. */
export function stateOf(ctx: Envelope) {
  return {
    event: ctx.event,
    failed: ctx.failedDelivery(),
    logs: ctx.logs().map(({ level, message, extras }) => ({ level, message, plugin: extras?.plugin })),
    metrics: ctx.stats.metrics.map(({ metric, type, tags }) => ({ metric, type, tags })),
  }
}
