import { utf8Length } from '@sluice/core/internal'

/** A request that the browser makes by itself when the page is gone, whatever it died of. */
export interface DeferredRequest {
  /** These events are on their way: they go in that request if this page cannot deliver them any more. */
  holds(jsons: readonly string[]): void
  /** There will be no such request. */
  withdraw(): void
}

/** The browser's own function, of those that have it. */
export type FetchLater = (url: string, init: RequestInit) => unknown

export interface DeferredRequestOptions {
  readonly url: string
  body(jsons: readonly string[]): string
  fetchLater: FetchLater
}

/** Browsers grant each page 64 KiB for requests to one origin that it does not wait for, envelope included. */
const maxLength = 54 * 1024

/**
 * Keeps one deferred request that holds what is not delivered yet. It needs no answer and no question to the server
 * first: the write key is in its body. Changes within one turn are made at once, at its end.
 */
export function createDeferredRequest({ url, body, fetchLater }: DeferredRequestOptions): DeferredRequest {
  let current: AbortController | undefined
  let wanted: readonly string[] = []
  let isScheduled = false

  const withdraw = () => {
    current?.abort()
    current = undefined
  }

  const update = () => {
    isScheduled = false
    withdraw()
    const jsons = fitting(wanted)
    if (jsons.length === 0) return
    const controller = new AbortController()
    try {
      const headers = { 'Content-Type': 'text/plain' }
      fetchLater(url, { method: 'POST', headers, body: body(jsons), signal: controller.signal })
      current = controller
    } catch {
      // No quota is left, or the page may not: the events are kept for the next page all the same.
    }
  }

  return {
    holds(jsons) {
      wanted = jsons
      if (isScheduled) return
      isScheduled = true
      void Promise.resolve().then(update)
    },
    withdraw() {
      wanted = []
      withdraw()
    },
  }
}

/** The oldest that fit; the rest waits for the next page. */
function fitting(jsons: readonly string[]): string[] {
  const chosen: string[] = []
  let length = 0
  for (const json of jsons) {
    length += utf8Length(json) + 1
    if (length > maxLength) break
    chosen.push(json)
  }
  return chosen
}
