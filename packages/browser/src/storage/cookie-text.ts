import { guarded } from './guarded'

let shared: { text?: string | undefined } | undefined

/** All cookies of the page, as the browser tells them. */
export function cookieText(): string {
  if (!shared) return read()
  shared.text ??= read()
  return shared.text
}

export function writeCookie(text: string): void {
  if (shared) shared.text = undefined
  guarded(() => {
    // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is asynchronous and not everywhere
    document.cookie = text
  })
}

/**
 * Whatever `run` does at once sees the same cookies, read from the browser once. It takes the browser longer to tell them
 * than all of our work for an event takes.
 */
export function withOneReading<T>(run: () => T): T {
  if (shared) return run()
  shared = {}
  try {
    return run()
  } finally {
    shared = undefined
  }
}

const read = () => guarded(() => document.cookie, '')
