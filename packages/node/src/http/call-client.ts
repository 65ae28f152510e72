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

/** What a client answered, read once: what it is made of is the client's own. */
export interface Answer {
  readonly status: number
  /** Empty where the client gives none. */
  readonly statusText: string
  readonly response: HTTPResponse
}

/** A client that heeds its time limit answers within it; one that does not is given up after this much more, in ms. */
const grace = 1_000

/** Makes a request with a client that may be anybody's: whatever it does, this answers with a status or rejects in time. */
export async function callClient(
  client: HTTPClient,
  request: Omit<HTTPClientRequest, 'httpRequestTimeout'>,
  limits: CallLimits,
): Promise<Answer> {
  const { timeout, controller } = limits
  const answer = client.makeRequest(
    { ...request, httpRequestTimeout: timeout },
    { signal: controller.signal },
  )
  const response = await withinLimits(answer, limits, 'httpClient')
  const { status, statusText }: { status?: unknown; statusText?: unknown } = Object(response)
  if (typeof status !== 'number' || !Number.isInteger(status)) {
    throw new Error('The httpClient answered without a status')
  }
  return { status, statusText: typeof statusText === 'string' ? statusText : '', response }
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
