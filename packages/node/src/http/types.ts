import type { Anything } from '@sluice/core/internal'

/** A function like the global `fetch`. */
export type HTTPFetchFn = (url: string, requestInit: HTTPFetchRequest) => Promise<HTTPResponse>

export interface HTTPFetchRequest {
  headers: Record<string, string>
  body: string
  method: 'POST'
  /** Fires when the request is to be given up. */
  signal: AbortSignal
  /** Redirects are followed by the library, which knows which of them would lose the events. */
  redirect?: 'manual'
}

/** Makes requests. Retries are not its business. Anything it throws counts as “no answer”. */
export interface HTTPClient {
  makeRequest(options: HTTPClientRequest, call?: HTTPCall): Promise<HTTPResponse>
}

/** One request. */
export interface HTTPClientRequest {
  url: string
  method: 'POST'
  headers: Record<string, string>
  /** JSON. */
  body: string
  /** Give up after so many ms. */
  httpRequestTimeout: number
}

/** What a client may heed, beyond the request itself. */
export interface HTTPCall {
  /** Fires when nobody waits for the answer any more: the client is being closed. */
  signal: AbortSignal
}

/** An answer: one of `fetch`, of axios, or any other object of this shape. */
export interface HTTPResponse {
  status: number
  statusText: string
  headers?: Record<string, Anything> | HTTPHeaders
  text?(): Promise<string>
}

export interface HTTPHeaders {
  get(key: string): string | null
  has(key: string): boolean
  entries(): IterableIterator<[string, string]>
}
