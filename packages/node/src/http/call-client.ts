import type { Clock } from '@sluice/core/internal'
import { withTimeLimit } from '@sluice/core/internal'
import { patientClock } from './request-timer'
import type { HTTPClient, HTTPClientRequest, HTTPResponse } from './types'

/** One request, whoever makes it. */
export interface CallLimits {
  readonly clock: Clock
  /** Longest wait for an answer, in ms. */
  readonly timeout: number
  /** Tells the client that nobody waits any more. */
  readonly controller: AbortController
}

/** A client that heeds its time limit answers within it; one that does not is given up after this much more, in ms. */
const grace = 1_000

/** Makes a request with a client that may be anybody's: whatever it does, this answers with a status or rejects in time. */
export async function callClient(
  client: HTTPClient,
  request: Omit<HTTPClientRequest, 'httpRequestTimeout'>,
  limits: CallLimits,
): Promise<HTTPResponse> {
  const { timeout, controller } = limits
  const answer = client.makeRequest(
    { ...request, httpRequestTimeout: timeout },
    { signal: controller.signal },
  )
  const response: unknown = await withinLimits(answer, limits, 'httpClient')
  assertResponse(response)
  return response
}

/**
 * Settles like `promise`, or rejects when the request is aborted, whether the client heeds that or not. When it takes too
 * long it aborts the request and rejects with an error that names `what`.
 */
export async function withinLimits<T>(
  promise: Promise<T>,
  { clock, timeout, controller }: CallLimits,
  what: string,
): Promise<T> {
  const settled = Promise.race([promise, whenAborted(controller.signal)])
  try {
    return await withTimeLimit(settled, { clock: patientClock(clock), ms: timeout + grace }, what)
  } catch (error) {
    controller.abort()
    throw error
  }
}

function whenAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const abort = () => reject(new Error('The request was aborted'))
    if (signal.aborted) abort()
    signal.addEventListener('abort', abort)
  })
}

function assertResponse(response: unknown): asserts response is HTTPResponse {
  const { status }: { status?: unknown } = Object(response)
  if (!Number.isInteger(status)) {
    throw new Error('The httpClient answered without a status')
  }
}
