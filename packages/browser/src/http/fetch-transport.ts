import { isFunction } from '@sluice/core'
import type { Clock, Transport } from '@sluice/core/internal'
import { utf8Length, withTimeLimit } from '@sluice/core/internal'
import type { KeepaliveBudget } from './keepalive-budget'
import { readResponse } from './read-response'

/** How requests are made, as the page's `deliveryStrategy` has it. */
export interface FetchConfig {
  /** Further headers, or a function that gives them for each request. They go over the library's own. */
  headers?: Record<string, string> | (() => Record<string, string>)
  /** Let requests outlive the page, as far as the browser allows it. @default true */
  keepalive?: boolean
  credentials?: RequestCredentials
  priority?: 'high' | 'low' | 'auto'
}

export interface FetchTransportOptions {
  /** Base of the Tracking API, without a slash at its end. */
  readonly base: string
  readonly writeKey: string | undefined
  readonly config: FetchConfig
  readonly budget: KeepaliveBudget
  readonly clock: Clock
  fetch(url: string, init: RequestInit): Promise<Response>
  /** Makes no request that browsers ask the server about first, unless a further header of the page's wants that. */
  readonly isSimple?: boolean
  /** Makes a body smaller, unless the page is left: it may not last so long. Without an answer it stays as it is. */
  compress?: ((body: string) => Promise<ArrayBuffer | undefined>) | undefined
}

/** Longest wait for an answer, in ms. */
const timeLimit = 30_000

/**
 * Carries events to the Tracking API with `fetch`. On leaving, it makes requests that need no question to the server
 * first (no credentials in a header, the write key is in the body) and that the browser will not refuse for their size.
 */
export function createFetchTransport(options: FetchTransportOptions): Transport {
  const { base, writeKey, budget, clock, fetch, compress, isSimple = false } = options
  const { headers: further, ...config }: FetchConfig = { keepalive: true, ...options.config }
  const limit = { clock, ms: timeLimit }

  return {
    exchange({ body, path, retryCount, isLeaving }) {
      const headers: Record<string, string> = { 'Content-Type': 'text/plain' }
      if (!isLeaving) {
        if (writeKey && !isSimple) headers.Authorization = `Basic ${btoa(`${writeKey}:`)}`
        if (retryCount > 0 && !isSimple) headers['X-Retry-Count'] = String(retryCount)
        // A function of the page's: if it throws, nothing was begun.
        Object.assign(headers, isFunction(further) ? further() : further)
      }
      const bytes = isLeaving || config.keepalive ? utf8Length(body) : 0
      const keepalive = bytes > 0 && budget.take(bytes)
      if (isLeaving && !keepalive) return undefined

      const controller = new AbortController()
      const { signal } = controller
      let outlivesPage = false
      const send = async () => {
        try {
          const small = compress && !isLeaving ? await compress(body) : undefined
          if (small) headers['Content-Encoding'] = 'gzip'
          const init = { ...config, method: 'POST', headers, body: small ?? body, keepalive, signal }
          const request = fetch(base + path, init)
          outlivesPage = keepalive
          const response = await withTimeLimit(request, limit, 'The request')
          // Until then a browser takes the request for one that is under way, and `networkidle` of Playwright never comes.
          void withTimeLimit(readToEnd(response), limit, 'The request').catch(() => controller.abort())
          return readResponse(response)
        } catch (reason) {
          // Of a request that took too long, nothing may go on.
          controller.abort()
          throw reason
        } finally {
          if (keepalive) budget.give(bytes)
        }
      }
      return {
        answer: send(),
        get outlivesPage() {
          return outlivesPage
        },
        abort: () => controller.abort(),
      }
    },
  }
}

async function readToEnd(response: Response): Promise<unknown> {
  return response.text()
}
