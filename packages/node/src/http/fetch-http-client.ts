import { canGzip, gzip } from './gzip'
import { followRedirects } from './redirects'
import { isBatch } from './request-kind'
import { startRequestTimer } from './request-timer'
import type {
  HTTPCall,
  HTTPClient,
  HTTPClientRequest,
  HTTPFetchFn,
  HTTPFetchRequest,
  HTTPResponse,
} from './types'

/**
 * Makes requests with `fetch`: the global one, or one of the same shape.
 *
 * @example
 * // Behind a proxy, with the `fetch` and `ProxyAgent` of undici:
 * const dispatcher = new ProxyAgent('http://proxy:3128')
 * new FetchHTTPClient((url, init) => fetch(url, { ...init, dispatcher }))
 */
export class FetchHTTPClient implements HTTPClient {
  private readonly fetchFn: HTTPFetchFn

  constructor(fetchFn: HTTPFetchFn = globalFetch) {
    this.fetchFn = fetchFn
  }

  /** Rejects when there is no answer within `httpRequestTimeout`, or when `call.signal` fires. */
  makeRequest(options: HTTPClientRequest, call?: HTTPCall): Promise<HTTPResponse> {
    return request(this.fetchFn, options, options.body, call)
  }
}

/** Like `FetchHTTPClient` with the global `fetch`, with compressed batches. */
export class GzipHTTPClient extends FetchHTTPClient {
  override async makeRequest(options: HTTPClientRequest, call?: HTTPCall): Promise<HTTPResponse> {
    if (!isBatch(options) || !canGzip()) return super.makeRequest(options, call)
    const headers = { ...options.headers, 'Content-Encoding': 'gzip' }
    return request(hostFetch, { ...options, headers }, await gzip(options.body), call)
  }
}

type Fetch<Body> = (
  url: string,
  init: Omit<HTTPFetchRequest, 'body'> & { body: Body },
) => Promise<HTTPResponse>

async function request<Body>(
  fetchFn: Fetch<Body>,
  { url: first, method, headers: all, httpRequestTimeout }: HTTPClientRequest,
  body: Body,
  call: HTTPCall | undefined,
): Promise<HTTPResponse> {
  const { signal, stop } = requestSignal(httpRequestTimeout, call?.signal)
  try {
    return await followRedirects(first, all, (url, headers) =>
      fetchFn(url, { method, headers, body, signal, redirect: 'manual' }),
    )
  } finally {
    stop()
  }
}

const globalFetch: HTTPFetchFn = (url, init) => hostFetch(url, init)

// Looked up at each call, so that a `fetch` that is replaced later is used.
function hostFetch(url: string, init: RequestInit): Promise<HTTPResponse> {
  if (typeof globalThis.fetch !== 'function') {
    throw new Error('There is no global fetch here: pass an httpClient, or a fetch function, in the settings')
  }
  return globalThis.fetch(url, init)
}

/**
 * A signal that fires after `ms`, or when `outer` does. `stop` ends the time limit once the headers are in; `outer`,
 * which belongs to this one request, can still cut off its body.
 */
function requestSignal(ms: number, outer: AbortSignal | undefined): { signal: AbortSignal; stop(): void } {
  const controller = new AbortController()
  const abort = () => controller.abort()
  if (ms <= 0 || outer?.aborted) abort()
  outer?.addEventListener('abort', abort)
  return { signal: controller.signal, stop: startRequestTimer(ms, abort) }
}
