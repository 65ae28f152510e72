import type { Clock, Exchange, Transport, TransportRequest, TransportResponse } from '@sluice/core/internal'
import type { HTTPRequestEvent, HTTPResponseEvent } from '../events'
import { libraryName, version } from '../version'
import type { Authorization } from './authorization'
import { callClient, withinLimits } from './call-client'
import { readBody } from './read-body'
import { responseHeaders } from './response-headers'
import type { HTTPClient } from './types'

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

const userAgent = `${libraryName.replace('@', '').replace('/', '-')}/${version}`

/** All batches go to one address, and a server is never left in a hurry. */
type BatchRequest = Pick<TransportRequest, 'body' | 'retryCount'>

/** A transport that always makes its request. */
export interface BatchTransport extends Transport {
  exchange(request: BatchRequest): Exchange
}

/** Carries batches to the Tracking API through an HTTP client that may be anybody's. */
export function createHTTPTransport(options: HTTPTransportOptions): BatchTransport {
  return {
    exchange(request) {
      const controller = new AbortController()
      return { answer: send(request, options, controller), abort: () => controller.abort() }
    },
  }
}

async function send(
  { body, retryCount }: BatchRequest,
  options: HTTPTransportOptions,
  controller: AbortController,
  isSecondTry = false,
): Promise<TransportResponse> {
  const { url, client, clock, authorization, timeout } = options
  const credentials = await authorization.header()
  // It may have taken a while.
  if (controller.signal.aborted) throw new Error('The request was aborted')
  const headers: Record<string, string> = {
    'Content-Type': 'application/json',
    'User-Agent': userAgent,
    Authorization: credentials,
  }
  if (retryCount > 0) headers['X-Retry-Count'] = String(retryCount)
  const method = 'POST'
  options.onRequest({ body, method, url, headers })

  const limits = { clock, timeout, controller }
  const request = { url, method, headers, body } as const
  const { status, statusText, response } = await callClient(client, request, limits)
  const responseBody = await withinLimits(readBody(response), limits, 'response body').catch(() => undefined)
  const received = responseHeaders(response)
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
