import { exists, isFunction } from '@sluice/core'
import type { TransportResponse } from '@sluice/core/internal'

/** What is used of an answer. */
interface Answer {
  readonly status?: unknown
  readonly statusText?: unknown
  readonly ok?: unknown
  readonly headers?: unknown
}

/**
 * Reads an answer of `fetch`, which may be anybody's: monitoring tools wrap it and tests replace it, and what they answer
 * has just what they use of it. An answer that is good without a status counts as 200. What reads headers never throws.
 */
export function readResponse(answer: Answer): TransportResponse {
  const { ok, headers, statusText } = answer
  const status = Number(answer.status ?? (ok === true ? 200 : 0))
  return { status, statusText: String(statusText ?? ''), header: (name) => readHeader(headers, name) }
}

function readHeader(headers: unknown, name: string): string | undefined {
  try {
    const own = headers as Headers | undefined
    const value: unknown = isFunction(own?.get) ? own.get(name) : new Headers(own).get(name)
    return exists(value) ? String(value) : undefined
  } catch {
    // No headers of any known shape: the status has come, and that is what counts.
    return undefined
  }
}
