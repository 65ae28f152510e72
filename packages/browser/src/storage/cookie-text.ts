import { textOfPage } from '../past-markup'
import { guarded } from './guarded'

let isTrusted = false
let reading: string | undefined

/** All cookies of the page, as the browser tells them. */
export function cookieText(): string {
  if (!isTrusted) return read()
  if (reading === undefined) {
    reading = read()
    void Promise.resolve().then(forget)
  }
  return reading
}

export function writeCookie(text: string): void {
  forget()
  guarded(() => {
    // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is asynchronous and not everywhere
    document.cookie = text
  })
}

/**
 * Whatever `run` does at once sees the cookies as of the present call of the application, read from the browser once: it
 * takes the browser longer to tell them than much of our work for an event takes. With the call the reading is over, for
 * others write cookies, too, and no browser tells of that before it is too late; so every call begins with a new one.
 */
export function withOneReading<T>(run: () => T, isNew = false): T {
  if (isNew) forget()
  const before = isTrusted
  isTrusted = true
  try {
    return run()
  } finally {
    isTrusted = before
  }
}

const read = () => guarded(() => textOfPage('cookie'), '')

const forget = () => {
  reading = undefined
}
