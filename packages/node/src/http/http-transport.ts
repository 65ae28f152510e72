import type { Clock, Transport, TransportRequest, TransportResponse } from '@sluice/core/internal'
import { withTimeLimit } from '@sluice/core/internal'
import type { HTTPRequestEvent, HTTPResponseEvent } from '../events'
import { libraryName, version } from '../version'
import type { Authorization } from './authorization'
import { readBody } from './read-body'
import { responseHeaders } from './response-headers'
import type { HTTPClient, HTTPResponse } from './types'

export interface HTTPTransportOptions {
  readonly url: string
  readonly client: HTTPClient
  readonly authorization: Authorization
  /** Longest wait for an answer, in ms. */
  readonly timeout: number
  readonly clock: Clock
  onRequest(request: HTTPRequestEvent): void
  onResponse(response: HTTPResponseEvent): void
}

/** A client that heeds its time limit answers within it; one that does not is given up after this much more, in ms. */
const grace = 1_000

const userAgent = `${libraryName.replace('@', '').replace('/', '-')}/${version}`

/** Carries batches to the Tracking API through an HTTP client that may be anybody's. */
export function createHTTPTransport(options: HTTPTransportOptions): Transport {
  return {
    exchange(request) {
      const controller = new AbortController()
      return { answer: send(request, options, controller), abort: () => controller.abort() }
    },
  }
}

async function send(
  { body, retryCount }: TransportRequest,
  options: HTTPTransportOptions,
  controller: AbortController,
  isSecondTry = false,
): Promise<TransportResponse> {
  const { url, client, clock, authorization, timeout } = options
  const credentials = await authorization.header()
  const headers: Record<string, string> = {
    'Content-Type': 'application/json',
    'User-Agent': userAgent,
    Authorization: credentials,
  }
  if (retryCount > 0) headers['X-Retry-Count'] = String(retryCount)
  const method = 'POST'
  options.onRequest({ body, method, url, headers })

  const request = { url, method, headers, body, httpRequestTimeout: timeout } as const
  const answer = client.makeRequest(request, { signal: controller.signal })
  const response = await within(timeout, clock, answer, controller, 'httpClient')
  assertResponse(response)
  const { status, statusText } = response
  const responseBody = await within(timeout, clock, readBody(response), controller, 'response body').catch(
    () => undefined,
  )
  const received = responseHeaders(response.headers)
  options.onResponse({
    status,
    statusText,
    url,
    body,
    headers: received,
    ...(responseBody !== undefined && { responseBody }),
  })

  if (authorization.refused(status, credentials) && !isSecondTry) {
    return send({ body, retryCount: retryCount + 1 }, options, controller, true)
  }
  return { status, statusText, header: (name) => received[name] }
}

async function within<T>(
  timeout: number,
  clock: Clock,
  promise: Promise<T>,
  controller: AbortController,
  what: string,
): Promise<T> {
  try {
    return await withTimeLimit(promise, { clock, ms: timeout + grace }, what)
  } catch (error) {
    controller.abort()
    throw error
  }
}

function assertResponse(response: unknown): asserts response is HTTPResponse {
  if (
    typeof response !== 'object' ||
    response === null ||
    typeof (response as HTTPResponse).status !== 'number'
  ) {
    throw new Error('The httpClient answered without a status')
  }
}
