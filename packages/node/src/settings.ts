import { isPlainObject, ValidationError } from '@sluice/core'
import type { StatusBehavior } from '@sluice/core/internal'
import type { HTTPClient, HTTPFetchFn } from './http/types'
import type { OAuthSettings } from './oauth/settings'

/** Settings of a client. All but `writeKey` may be left out. */
export interface AnalyticsSettings {
  /** Says which source the events belong to. */
  writeKey: string
  /** Where the Tracking API is. @default 'https://api.segment.io' */
  host?: string | undefined
  /** Path of the batch endpoint on that host. @default '/v1/batch' */
  path?: string | undefined
  /** Counted retries of a batch after its first try. `Infinity` is allowed. @default 10 */
  maxRetries?: number | undefined
  /** Send as soon as so many events are waiting; at least 1. @default 15 */
  flushAt?: number | undefined
  /** @deprecated The old name of `flushAt`; used only when that is not given. */
  maxEventsInBatch?: number | undefined
  /** Send at the latest so many ms after an event began to wait. @default 10_000 */
  flushInterval?: number | undefined
  /** Longest wait for an answer, in ms. `0` gives up at once. @default 10_000 */
  httpRequestTimeout?: number | undefined
  /**
   * Do nothing: every call ends well at once, nothing is sent, no plugin sees an event, and bad events don't throw.
   * @default false
   */
  disable?: boolean | undefined
  /** Makes the requests: a function like `fetch`, or an object with a `makeRequest` method. @default the global fetch */
  httpClient?: HTTPFetchFn | HTTPClient | undefined
  /** Authorise with OAuth 2.0 instead of the write key. */
  oauthSettings?: OAuthSettings | undefined
  /** A batch is given up when its first counted failure is longer ago, in **seconds**. @default 43_200 (12 hours) */
  maxTotalBackoffDuration?: number | undefined
  /** Batches that the server keeps refusing with 429 are given up after so many **seconds**. @default 43_200 */
  maxRateLimitDuration?: number | undefined

  /** Unsent events, at most. What does not fit is reported as `error` with a `QueueFullError`. @default 100_000 */
  maxQueueSize?: number | undefined
  /** The same in bytes of the encoded events. @default 67_108_864 (64 MiB) */
  maxQueueBytes?: number | undefined
  /** Which event has to go when the queue is full. @default 'drop-newest' */
  overflow?: 'drop-newest' | 'drop-oldest' | undefined
  /** Requests under way at the same time, at most. While all are busy, waiting events join the next batch. @default 4 */
  maxConcurrentRequests?: number | undefined
  /** Compress request bodies. Only with the default HTTP client; others have their own say. @default false */
  gzip?: boolean | undefined
  /** Time limit for loading a plugin, and for each of its hooks to answer, in ms. `0`: none. @default 10_000 */
  pluginTimeout?: number | undefined
  /** Statuses to treat otherwise than Segment's table does: `{ 404: 'retry', 500: 'drop' }`. */
  statusBehavior?: Record<number, StatusBehavior> | undefined
  /**
   * For serverless platforms: is given a promise that lasts until the events accepted so far are sent, and events are
   * sent without waiting for others. Pass what your platform offers: `waitUntil` of Vercel, `ctx.waitUntil` of Workers.
   */
  waitUntil?: ((work: Promise<unknown>) => void) | undefined
}

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
  readonly oauthSettings: OAuthSettings | undefined
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
}

/** Checks the settings and fills in the defaults. Throws a `ValidationError` that names the first bad one. */
export function readSettings(settings: AnalyticsSettings): Config {
  if (!isPlainObject(settings)) throw new ValidationError('settings', 'is not an object')
  return {
    writeKey: writeKey(settings.writeKey),
    url: endpoint(settings.host, settings.path),
    maxRetries: count('maxRetries', settings.maxRetries, 10),
    flushAt: Math.max(
      settings.flushAt == null
        ? count('maxEventsInBatch', settings.maxEventsInBatch, 15)
        : count('flushAt', settings.flushAt, 15),
      1,
    ),
    flushInterval: amount('flushInterval', settings.flushInterval, 10_000),
    httpRequestTimeout: amount('httpRequestTimeout', settings.httpRequestTimeout, 10_000),
    disable: flag('disable', settings.disable),
    httpClient: httpClient(settings),
    oauthSettings: oauth(settings.oauthSettings),
    maxTotalBackoffMs: amount('maxTotalBackoffDuration', settings.maxTotalBackoffDuration, 43_200) * 1_000,
    maxRateLimitMs: amount('maxRateLimitDuration', settings.maxRateLimitDuration, 43_200) * 1_000,
    maxQueueSize: atLeastOne('maxQueueSize', count('maxQueueSize', settings.maxQueueSize, 100_000)),
    maxQueueBytes: atLeastOne(
      'maxQueueBytes',
      amount('maxQueueBytes', settings.maxQueueBytes, 64 * 1024 * 1024),
    ),
    overflow: overflow(settings.overflow),
    maxConcurrentRequests: atLeastOne(
      'maxConcurrentRequests',
      count('maxConcurrentRequests', settings.maxConcurrentRequests, 4),
    ),
    gzip: flag('gzip', settings.gzip),
    pluginTimeout: amount('pluginTimeout', settings.pluginTimeout, 10_000),
    statusBehavior: statusBehavior(settings.statusBehavior),
    waitUntil: waitUntil(settings.waitUntil),
  }
}

function writeKey(value: unknown): string {
  if (!value) throw new ValidationError('writeKey', 'is missing.')
  if (typeof value !== 'string') throw new ValidationError('writeKey', 'is not a string')
  return value
}

function endpoint(host: unknown = 'https://api.segment.io', path: unknown = '/v1/batch'): string {
  if (typeof host !== 'string') throw new ValidationError('host', 'is not a string')
  if (typeof path !== 'string') throw new ValidationError('path', 'is not a string')
  const url = urlOf(path, host)
  if (!url) {
    throw new ValidationError(
      'host',
      `and path make no URL: Invalid URL ${JSON.stringify(host)} with ${JSON.stringify(path)}`,
    )
  }
  if (!isWeb(url)) throw new ValidationError('host', 'is neither an http nor an https URL: Invalid URL')
  return url.href.replace(/\/$/, '')
}

// Not every runtime has `URL.canParse`.
function urlOf(text: string, base?: string): URL | undefined {
  try {
    return new URL(text, base)
  } catch {
    return undefined
  }
}

// `localhost:8080` is a URL, too; its scheme is `localhost`.
const isWeb = ({ protocol }: URL) => protocol === 'http:' || protocol === 'https:'

/** A number of ms or bytes: not negative, `Infinity` allowed. */
function amount(name: string, value: unknown, byDefault: number): number {
  if (value === undefined || value === null) return byDefault
  if (typeof value !== 'number') throw new ValidationError(name, `is not a number: ${shown(value)}`)
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
  if (typeof value !== 'boolean') throw new ValidationError(name, `is not a boolean: ${shown(value)}`)
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

function oauth(settings: OAuthSettings | undefined): OAuthSettings | undefined {
  if (settings === undefined || settings === null) return undefined
  if (typeof settings !== 'object') throw new ValidationError('oauthSettings', 'is not an object')
  const { clientId, clientKey, keyId, authServer, scope, maxRetries, httpClient: client } = settings
  for (const [name, value] of Object.entries({ clientId, clientKey, keyId })) {
    if (typeof value !== 'string' || value === '')
      throw new ValidationError(`oauthSettings.${name}`, 'is not a string')
  }
  if (scope !== undefined && typeof scope !== 'string')
    throw new ValidationError('oauthSettings.scope', 'is not a string')
  if (authServer !== undefined) assertAuthServer(authServer)
  count('oauthSettings.maxRetries', maxRetries, 0)
  assertHTTPClient('oauthSettings.httpClient', client)
  return { clientId, clientKey, keyId, authServer, scope, maxRetries, httpClient: client }
}

function assertAuthServer(server: unknown): void {
  const name = 'oauthSettings.authServer'
  if (typeof server !== 'string') throw new ValidationError(name, 'is not a string')
  const url = urlOf(server)
  if (!url || !isWeb(url)) throw new ValidationError(name, `is neither an http nor an https URL: ${server}`)
}

function overflow(value: unknown): 'drop-newest' | 'drop-oldest' {
  if (value === undefined || value === null) return 'drop-newest'
  if (value === 'drop-newest' || value === 'drop-oldest') return value
  throw new ValidationError('overflow', `is neither drop-newest nor drop-oldest: ${shown(value)}`)
}

function statusBehavior(value: unknown): Record<number, StatusBehavior> {
  if (value === undefined || value === null) return {}
  if (!isPlainObject(value)) throw new ValidationError('statusBehavior', 'is not an object')
  const table: Record<number, StatusBehavior> = {}
  for (const [status, behavior] of Object.entries(value)) {
    if (!/^[45]\d\d$/.test(status))
      throw new ValidationError('statusBehavior', `names no error status: ${status}`)
    if (behavior !== 'retry' && behavior !== 'drop') {
      throw new ValidationError(`statusBehavior.${status}`, `is neither retry nor drop: ${shown(behavior)}`)
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

function shown(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value) : typeof value
}
