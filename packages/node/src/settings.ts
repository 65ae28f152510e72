import { isPlainObject, ValidationError } from '@sluice/core'
import type { StatusBehavior } from '@sluice/core/internal'
import { isWeb } from './http/redirects'
import type { HTTPClient, HTTPFetchFn } from './http/types'
import type { OAuthConfig, OAuthSettings } from './oauth/settings'

/** Settings of a client. All but `writeKey` may be left out; `null` is as good as that. */
export interface AnalyticsSettings {
  /** Says which source the events belong to. */
  writeKey: string
  /** Where the Tracking API is. @default 'https://api.segment.io' */
  host?: string | URL | null | undefined
  /** Path of the batch endpoint on that host. @default '/v1/batch' */
  path?: string | null | undefined
  /** Counted retries of a batch after its first try. `Infinity` is allowed. @default 10 */
  maxRetries?: number | null | undefined
  /** Send as soon as so many events are waiting; at least 1. @default 15 */
  flushAt?: number | null | undefined
  /** @deprecated The old name of `flushAt`; used only when that is not given. */
  maxEventsInBatch?: number | null | undefined
  /** Send at the latest so many ms after an event began to wait. @default 10_000 */
  flushInterval?: number | null | undefined
  /** Longest wait for an answer, in ms. `0` gives up at once. @default 10_000 */
  httpRequestTimeout?: number | null | undefined
  /**
   * Do nothing: every call ends well at once, nothing is sent, no plugin sees an event, and bad events don't throw.
   * @default false
   */
  disable?: boolean | null | undefined
  /** Makes the requests: a function like `fetch`, or an object with a `makeRequest` method. @default the global fetch */
  httpClient?: HTTPFetchFn | HTTPClient | null | undefined
  /** Authorise with OAuth 2.0 instead of the write key. */
  oauthSettings?: OAuthSettings | null | undefined
  /** A batch is given up when its first counted failure is longer ago, in **seconds**. @default 43_200 (12 hours) */
  maxTotalBackoffDuration?: number | null | undefined
  /** Batches that the server keeps refusing with 429 are given up after so many **seconds**. @default 43_200 */
  maxRateLimitDuration?: number | null | undefined

  /** Unsent events, at most. What does not fit is reported as `error` with a `QueueFullError`. @default 100_000 */
  maxQueueSize?: number | null | undefined
  /** The same in bytes of the encoded events. @default 67_108_864 (64 MiB) */
  maxQueueBytes?: number | null | undefined
  /** Which event has to go when the queue is full. @default 'drop-newest' */
  overflow?: 'drop-newest' | 'drop-oldest' | null | undefined
  /** Requests under way at the same time, at most. While all are busy, waiting events join the next batch. @default 4 */
  maxConcurrentRequests?: number | null | undefined
  /** Compress request bodies. Only with the default HTTP client; others have their own say. @default false */
  gzip?: boolean | null | undefined
  /** Time limit for loading a plugin, and for each of its hooks to answer, in ms. `0`: none. @default 10_000 */
  pluginTimeout?: number | null | undefined
  /** Statuses to treat otherwise than Segment's table does: `{ 404: 'retry', 500: 'drop' }`. */
  statusBehavior?: Record<number, StatusBehavior> | null | undefined
  /**
   * For serverless platforms: is given a promise that lasts until the events accepted so far are sent, and events are
   * sent without waiting for others. Pass what your platform offers: `waitUntil` of Vercel, `ctx.waitUntil` of Workers.
   */
  waitUntil?: ((work: Promise<unknown>) => void) | null | undefined
  /**
   * Which behavior to start from: that of Segment's library, or what we recommend since a date. With `'2026-12'` a call
   * throws a `ValidationError` for every event that the Tracking API would discard; see docs/defaults.md.
   * @default 'segment'
   */
  defaults?: Defaults | null | undefined
}

export type Defaults = 'segment' | '2026-12'

/** Settings with every default in place and every value checked. */
export interface Config {
  readonly writeKey: string
  readonly url: string
  readonly maxRetries: number
  readonly flushAt: number
  readonly flushInterval: number
  readonly httpRequestTimeout: number
  readonly disable: boolean
  readonly httpClient: HTTPFetchFn | HTTPClient | undefined
  readonly oauthSettings: OAuthConfig | undefined
  readonly maxTotalBackoffMs: number
  readonly maxRateLimitMs: number
  readonly maxQueueSize: number
  readonly maxQueueBytes: number
  readonly overflow: 'drop-newest' | 'drop-oldest'
  readonly maxConcurrentRequests: number
  readonly gzip: boolean
  readonly pluginTimeout: number
  readonly statusBehavior: Readonly<Record<number, StatusBehavior>>
  readonly waitUntil: ((work: Promise<unknown>) => void) | undefined
  /** Whether calls throw for what Segment's library would have sent in vain. */
  readonly throwsOnFaults: boolean
}

/** It travels in a header, and servers refuse those that are longer than some 16 KB. */
const longestWriteKey = 8_000

/** Checks the settings and fills in the defaults. Throws a `ValidationError` that names the first bad one. */
export function readSettings(settings: AnalyticsSettings): Config {
  if (!isObject(settings) || Array.isArray(settings))
    throw new ValidationError('settings', 'is not an object')
  const amountOf = (name: keyof AnalyticsSettings, byDefault: number) =>
    amount(name, settings[name], byDefault)
  const countOf = (name: keyof AnalyticsSettings, byDefault: number) => count(name, settings[name], byDefault)
  return {
    writeKey: writeKey(settings.writeKey),
    url: endpoint(settings.host, settings.path),
    maxRetries: countOf('maxRetries', 10),
    flushAt: Math.max(countOf(settings.flushAt == null ? 'maxEventsInBatch' : 'flushAt', 15), 1),
    flushInterval: amountOf('flushInterval', 10_000),
    httpRequestTimeout: amountOf('httpRequestTimeout', 10_000),
    disable: flag('disable', settings.disable),
    httpClient: httpClient(settings),
    oauthSettings: oauth(settings.oauthSettings),
    maxTotalBackoffMs: amountOf('maxTotalBackoffDuration', 43_200) * 1_000,
    maxRateLimitMs: amountOf('maxRateLimitDuration', 43_200) * 1_000,
    maxQueueSize: atLeastOne('maxQueueSize', countOf('maxQueueSize', 100_000)),
    maxQueueBytes: atLeastOne('maxQueueBytes', amountOf('maxQueueBytes', 64 * 1024 * 1024)),
    overflow: oneOf('overflow', settings.overflow, 'drop-newest', 'drop-oldest'),
    maxConcurrentRequests: atLeastOne('maxConcurrentRequests', countOf('maxConcurrentRequests', 4)),
    gzip: flag('gzip', settings.gzip),
    pluginTimeout: amountOf('pluginTimeout', 10_000),
    statusBehavior: statusBehavior(settings.statusBehavior),
    waitUntil: waitUntil(settings.waitUntil),
    throwsOnFaults: oneOf('defaults', settings.defaults, 'segment', '2026-12') === '2026-12',
  }
}

function writeKey(value: unknown): string {
  if (!value) throw new ValidationError('writeKey', 'is missing.')
  if (typeof value !== 'string') throw new ValidationError('writeKey', 'is not a string')
  if (value.length > longestWriteKey) {
    throw new ValidationError('writeKey', `is longer than ${longestWriteKey} characters`)
  }
  return value
}

function endpoint(host: unknown, path: unknown): string {
  const url = webAddress('host', host ?? 'https://api.segment.io', path ?? '/v1/batch')
  return url.href.replace(/\/$/, '')
}

/** An address that requests can be made to. What is wrong with it is said without showing it. */
function webAddress(name: string, address: unknown, path: unknown = ''): URL {
  const text = addressText(name, address)
  if (typeof path !== 'string') throw new ValidationError('path', `is not a string, but ${kindOf(path)}`)
  const url = urlOf(path, text)
  if (!url || !isWeb(url)) {
    throw new ValidationError(name, 'is not a URL that begins with https:// or http://: Invalid URL')
  }
  if (url.username || url.password) {
    throw new ValidationError(
      name,
      'holds a user name or a password; send them with an httpClient of your own',
    )
  }
  return url
}

/** A `URL` may come from another realm, such as that of a test runner. */
function addressText(name: string, address: unknown): string {
  if (typeof address === 'string') return address
  if (Object.prototype.toString.call(address) === '[object URL]') return String(address)
  throw new ValidationError(name, `is not a string, but ${kindOf(address)}`)
}

// Not every runtime has `URL.canParse`.
function urlOf(path: string, base: string): URL | undefined {
  try {
    return new URL(path, base)
  } catch {
    return undefined
  }
}

/** A number of ms or bytes: not negative, `Infinity` allowed. */
function amount(name: string, value: unknown, byDefault: number): number {
  if (value === undefined || value === null) return byDefault
  if (typeof value !== 'number') throw new ValidationError(name, `is not a number, but ${kindOf(value)}`)
  if (Number.isNaN(value)) throw new ValidationError(name, 'is not a number: NaN')
  if (value < 0) throw new ValidationError(name, `is negative: ${value}`)
  return value
}

/** A number of things: whole, not negative, `Infinity` allowed. */
function count(name: string, value: unknown, byDefault: number): number {
  const number = amount(name, value, byDefault)
  if (number !== Number.POSITIVE_INFINITY && !Number.isInteger(number)) {
    throw new ValidationError(name, `is not a whole number: ${number}`)
  }
  return number
}

function atLeastOne(name: string, value: number): number {
  if (value < 1) throw new ValidationError(name, 'is less than 1')
  return value
}

function flag(name: string, value: unknown): boolean {
  if (value === undefined || value === null) return false
  if (typeof value !== 'boolean') throw new ValidationError(name, `is not a boolean, but ${kindOf(value)}`)
  return value
}

function httpClient({ httpClient: client, gzip }: AnalyticsSettings): HTTPFetchFn | HTTPClient | undefined {
  assertHTTPClient('httpClient', client)
  if (client && gzip)
    throw new ValidationError('gzip', 'works with the default HTTP client only; let yours compress by itself')
  return client ?? undefined
}

function assertHTTPClient(name: string, client: unknown): void {
  if (client === undefined || client === null) return
  if (typeof client === 'function') {
    if (isHTTPClientClass(client)) throw new ValidationError(name, 'is a class; pass an instance of it')
    return
  }
  if (!isObject(client) || typeof client.makeRequest !== 'function') {
    throw new ValidationError(
      name,
      'is neither a function like fetch nor an object with a makeRequest method',
    )
  }
}

/** Classes are functions, too. Those that were compiled for old engines are known by their method only. */
function isHTTPClientClass(fn: object): boolean {
  const { prototype } = fn as { prototype?: unknown }
  return (
    /^class\b/.test(Function.prototype.toString.call(fn)) ||
    (isObject(prototype) && 'makeRequest' in prototype)
  )
}

function oauth(settings: AnalyticsSettings['oauthSettings']): OAuthConfig | undefined {
  if (settings === undefined || settings === null) return undefined
  if (typeof settings !== 'object') throw new ValidationError('oauthSettings', 'is not an object')
  const { clientId, clientKey, keyId, maxRetries, httpClient: client } = settings
  for (const [name, value] of Object.entries({ clientId, clientKey, keyId })) {
    if (typeof value !== 'string' || value === '')
      throw new ValidationError(`oauthSettings.${name}`, 'is not a string')
  }
  const scope = settings.scope ?? 'tracking_api:write'
  if (typeof scope !== 'string') throw new ValidationError('oauthSettings.scope', 'is not a string')
  const authServer = settings.authServer ?? 'https://oauth2.segment.io'
  webAddress('oauthSettings.authServer', authServer)
  count('oauthSettings.maxRetries', maxRetries, 0)
  assertHTTPClient('oauthSettings.httpClient', client)
  return {
    clientId,
    clientKey,
    keyId,
    // A URL writes a slash behind its host, which no server expects as the audience of an assertion.
    authServer: typeof authServer === 'string' ? authServer : String(authServer).replace(/\/$/, ''),
    scope,
    maxRetries: maxRetries ?? undefined,
    httpClient: client ?? undefined,
  }
}

/** One of two words; the first of them if none is given. */
function oneOf<A extends string, B extends string>(name: string, value: unknown, usual: A, other: B): A | B {
  if (value === undefined || value === null) return usual
  if (value === usual || value === other) return value as A | B
  throw new ValidationError(name, `is neither '${usual}' nor '${other}'`)
}

function statusBehavior(value: unknown): Record<number, StatusBehavior> {
  if (value === undefined || value === null) return {}
  if (!isPlainObject(value)) throw new ValidationError('statusBehavior', 'is not an object')
  const table: Record<number, StatusBehavior> = {}
  for (const [status, behavior] of Object.entries(value)) {
    if (!/^[45]\d\d$/.test(status))
      throw new ValidationError('statusBehavior', `names no error status: ${status}`)
    if (behavior !== 'retry' && behavior !== 'drop') {
      throw new ValidationError(`statusBehavior.${status}`, `is neither 'retry' nor 'drop'`)
    }
    table[Number(status)] = behavior
  }
  return table
}

function waitUntil(value: unknown): Config['waitUntil'] {
  if (value === undefined || value === null) return undefined
  if (typeof value !== 'function') throw new ValidationError('waitUntil', 'is not a function')
  return value as Config['waitUntil']
}

function isObject(value: unknown): value is Record<string, unknown> & object {
  return typeof value === 'object' && value !== null
}

/** What a value is, without the value itself: secrets get into the wrong settings. */
function kindOf(value: unknown): string {
  if (value === null) return 'null'
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`
}
