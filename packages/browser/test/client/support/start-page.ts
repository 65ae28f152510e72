import { setImmediate } from 'node:timers/promises'
import type { CoreEmittedError } from '@sluice/core'
import { afterEach, beforeEach, vi } from 'vitest'
import {
  type Analytics,
  AnalyticsBrowser,
  type AnalyticsBrowserSettings,
  type Context,
  type InitOptions,
  type MiddlewareFunction,
  type Plugin,
} from '../../../src'
import { setGlobalAnalyticsKey } from '../../../src/global-key'
import { freshPage } from '../../storage/browser-storage'
import { createFakeLocks } from '../../support/fake-locks'
import { startServer } from './fake-server'

export const writeKey = 'write-key'

/** When the pages of the tests are opened. */
export const start = Date.UTC(2026, 0, 1)

interface Listener {
  readonly target: EventTarget
  readonly name: string
  readonly run: EventListener
}

const listeners: Listener[] = []

/** Every test has a page of its own, on which nothing is kept and time stands still. */
export function useFreshPages(url = 'https://shop.test/start?from=mail'): void {
  beforeEach(() => {
    vi.useFakeTimers({
      now: start,
      toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date', 'performance'],
    })
    freshPage(url)
    beginPage()
    document.title = 'Start'
    vi.spyOn(console, 'error').mockImplementation(() => {})
    vi.spyOn(console, 'warn').mockImplementation(() => {})
    for (const target of [window, document]) watchListeners(target)
    useLocks(createFakeLocks())
  })
  afterEach(async () => {
    await leavePage()
    vi.restoreAllMocks()
    vi.useRealTimers()
    setGlobalAnalyticsKey('analytics')
    Reflect.deleteProperty(globalThis, 'analytics')
    setOnline(true)
    freshPage()
  })
}

/** Names the errors that the console was told. */
export function consoleErrors(): unknown[][] {
  return vi.mocked(console.error).mock.calls
}

export function load(options?: InitOptions, settings?: Partial<AnalyticsBrowserSettings>): AnalyticsBrowser {
  return AnalyticsBrowser.load({ writeKey, ...settings }, options)
}

/** The page dies: nothing on it runs any more, and its locks are free. What it stored is still there. */
export async function leavePage(): Promise<void> {
  await settled()
  for (const { target, name, run } of listeners.splice(0)) target.removeEventListener(name, run)
  vi.clearAllTimers()
  useLocks(createFakeLocks())
}

/** A page whose visitor does something and is gone before the settings have come. */
export async function pageThatDies(
  act: (analytics: AnalyticsBrowser) => void,
  options?: InitOptions,
): Promise<void> {
  startServer().settings = 'hang'
  act(load(options))
  await leavePage()
}

/** The visitor sets out for another page, which goes away then. What it left stays in storage. */
export async function setOut(): Promise<void> {
  window.dispatchEvent(new Event('beforeunload'))
  window.dispatchEvent(new Event('pagehide'))
  await leavePage()
}

/** The next page begins now: whatever has been on the way is from the time before. */
export function beginPage(): void {
  Object.defineProperty(performance, 'timeOrigin', { value: Date.now(), configurable: true })
}

/** Lets everything go on that can go on without time passing. */
export async function settled(): Promise<void> {
  await vi.dynamicImportSettled()
  await vi.advanceTimersByTimeAsync(0)
  await setImmediate()
}

/** Lets `ms` milliseconds pass. */
export async function advance(ms: number): Promise<void> {
  await settled()
  await vi.advanceTimersByTimeAsync(ms)
  await settled()
}

/** How a promise stands now: what it was fulfilled or rejected with, or that it is pending. */
export async function stateOf(promise: PromiseLike<unknown>): Promise<unknown> {
  let state: unknown = 'pending'
  promise.then(
    (fulfilled) => {
      state = { fulfilled }
    },
    (rejected: unknown) => {
      state = { rejected }
    },
  )
  await settled()
  return state
}

export function setOnline(isOnline: boolean): void {
  Object.defineProperty(navigator, 'onLine', { value: isOnline, configurable: true })
  if (isOnline) window.dispatchEvent(new Event('online'))
}

/** The visitor goes to another address of the same page. */
export function navigate(path: string, title: string): void {
  history.pushState({}, '', path)
  document.title = title
}

/** What the outbox holds: raw ones are those that have not been through the plugins. */
export function outbox(key = writeKey): { raw: boolean; event: string; messageId: string; text: string }[] {
  const keys = Object.keys(localStorage).filter((name) => name.startsWith(`sluice:outbox:v1:${key}:`))
  return keys.sort().map((name) => {
    const text = localStorage.getItem(name) ?? ''
    const unmarked = text.replace(/^left:\d+:/, '')
    const raw = unmarked.startsWith('raw:')
    const { event, type, messageId } = JSON.parse(raw ? unmarked.slice(4) : unmarked)
    return { raw, event: event ?? type, messageId, text }
  })
}

/** A plugin that does what it is told, and nothing else. */
export function plugin(parts: Partial<Plugin> = {}): Plugin {
  return { name: 'Test', type: 'enrichment', isLoaded: () => true, load: async () => {}, ...parts }
}

/** Marks the events that it sees, as a hook of a plugin. */
export function markSeen(ctx: Context): Context {
  ctx.updateEvent('properties.seen', true)
  return ctx
}

/** Marks the events that it sees, as a source middleware. */
export const markingMiddleware: MiddlewareFunction = ({ payload, next }) => {
  payload.obj.properties = { seen: true }
  next(payload)
}

/** What the client tells its listeners of errors from now on. */
export function errorsOf(analytics: Analytics | AnalyticsBrowser) {
  const heard = vi.fn<(error: CoreEmittedError<Context>) => void>()
  analytics.on('error', heard)
  return heard.mock.calls
}

/** Without Web Locks, pages show that they live by leases. */
export function useLocks(locks: object | undefined): void {
  Object.defineProperty(navigator, 'locks', { value: locks, configurable: true })
}

function watchListeners(target: EventTarget): void {
  if (!('addEventListener' in target)) return
  const { addEventListener } = target
  vi.spyOn(target, 'addEventListener').mockImplementation(
    (...args: Parameters<EventTarget['addEventListener']>) => {
      const [name, run] = args
      if (typeof run === 'function') listeners.push({ target, name, run })
      return addEventListener.apply(target, args)
    },
  )
}
