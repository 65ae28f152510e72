import type { Clock, Transport, TransportRequest } from '@sluice/core/internal'
import { utf8Length, withTimeLimit } from '@sluice/core/internal'
import type { KeepaliveBudget } from './keepalive-budget'

/** How requests are made, as the page's `deliveryStrategy` has it. */
export interface FetchConfig {
  /** Further headers, or a function that gives them for each request. They go over the library's own. */
  headers?: Record<string, string> | (() => Record<string, string>)
  /** Let requests outlive the page, as far as the browser allows it. */
  keepalive?: boolean
  credentials?: RequestCredentials
  priority?: RequestPriority
}

export interface FetchTransportOptions {
  /** Base of the Tracking API, without a slash at its end. */
  readonly base: string
  readonly writeKey: string | undefined
  readonly config: FetchConfig
  readonly budget: KeepaliveBudget
  readonly clock: Clock
  fetch(url: string, init: RequestInit): Promise<Response>
}

/** Longest wait for an answer, in ms. */
const timeLimit = 30_000

/**
 * Carries events to the Tracking API with `fetch`. On leaving, it makes requests that need no question to the server
 * first (no credentials in a header, the write key is in the body) and that the browser will not refuse for their size.
 */
export function createFetchTransport(options: FetchTransportOptions): Transport {
  const { base, config, budget, clock } = options
  return {
    exchange(request) {
      // Headers may be made by a function of the page's: if it throws, nothing was begun.
      const init = requestInit(request, options)
      const bytes = request.isLeaving || config.keepalive ? utf8Length(request.body) : 0
      const isKept = bytes > 0 && budget.take(bytes)
      if (request.isLeaving && !isKept) return undefined
      if (isKept) init.keepalive = true
      const controller = new AbortController()
      const { signal } = controller
      const answer = send(() => options.fetch(base + request.path, { ...init, signal }), clock)
      const failed = (reason: unknown) => {
        // Of a request that took too long, nothing may go on.
        controller.abort()
        throw reason
      }
      const over = () => {
        if (isKept) budget.give(bytes)
      }
      return { answer: answer.catch(failed).finally(over), abort: () => controller.abort() }
    },
  }
}

async function send(fetch: () => Promise<Response>, clock: Clock) {
  const response = await withTimeLimit(fetch(), { clock, ms: timeLimit }, 'The request')
  const { status, statusText, headers } = response
  return { status, statusText, header: (name: string) => headers.get(name) ?? undefined }
}

function requestInit(
  { body, retryCount, isLeaving }: TransportRequest,
  { config, writeKey }: FetchTransportOptions,
): RequestInit {
  const headers: Record<string, string> = { 'Content-Type': 'text/plain' }
  if (!isLeaving) {
    if (writeKey) headers.Authorization = `Basic ${btoa(`${writeKey}:`)}`
    if (retryCount > 0) headers['X-Retry-Count'] = String(retryCount)
    Object.assign(headers, typeof config.headers === 'function' ? config.headers() : config.headers)
  }
  const init: RequestInit = { method: 'POST', headers, body }
  if (config.credentials) init.credentials = config.credentials
  if (config.priority) init.priority = config.priority
  return init
}
