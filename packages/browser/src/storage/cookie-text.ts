import { hostClock } from '@sluice/core/internal'
import { globalNamed, textOfPage } from '../past-markup'
import { guarded } from './guarded'

/** How long a reading is trusted where the browser tells of changes, in ms. A page that has slept was told of none. */
const trustedMs = 1_000

let reading: { text: string; at: number; witness: unknown } | undefined
let isShared = false
let isWritten = false
let isTold: boolean | undefined

/** All cookies of the page, as the browser tells them. */
export function cookieText(): string {
  if (!isShared) return read()
  reading ??= { text: read(), at: hostClock.elapsed(), witness: undefined }
  return reading.text
}

export function writeCookie(text: string): void {
  forget()
  isWritten = true
  guarded(() => {
    // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is asynchronous and not everywhere
    document.cookie = text
  })
}

/**
 * Whatever `run` does at once sees the same cookies, read from the browser once: it takes the browser longer to tell them
 * than all of our work for an event takes. Browsers that tell when cookies change are asked again only then. They tell a
 * moment later; `witness` stands for what else changes with our cookies, so that whoever has just deleted all traces of a
 * visitor is not told the old ones.
 */
export function withOneReading<T>(run: () => T, witness?: unknown): T {
  if (isShared) return run()
  isTold ??= listen()
  if (reading && !(isTold && reading.witness === witness && hostClock.elapsed() - reading.at < trustedMs))
    forget()
  isShared = true
  isWritten = false
  try {
    return run()
  } finally {
    isShared = false
    if (reading) reading.witness = witness
    // What was written with cookies has changed the witness as well.
    if (isWritten || !isTold) forget()
  }
}

const read = () => guarded(() => textOfPage('cookie'), '')

const forget = () => {
  reading = undefined
}

function listen(): boolean {
  return guarded(() => {
    const cookieStore = globalNamed('cookieStore') as EventTarget | undefined
    cookieStore?.addEventListener('change', forget)
    return cookieStore !== undefined
  }, false)
}
