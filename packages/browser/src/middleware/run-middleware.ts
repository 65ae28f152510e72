import { isPlainObject } from '@sluice/core'
import { isThenable } from '@sluice/core/internal'
import type { SegmentEvent } from '../segment-event'
import { createPayload } from './payload'
import type { MiddlewarePayload } from './types'

/** What a middleware calls to let the event go on, or with `null` to drop it. */
export type Next = (payload?: MiddlewarePayload | null) => void

/** The event to go on with, or nothing if it was dropped. */
export type Passed = SegmentEvent | undefined

/**
 * Shows `event` to one middleware and tells what it made of it. The event is the middleware's own: it may change it, and
 * nobody sees that unless it lets the event go on.
 *
 * What counts is what was said when the middleware ended, for an `async` one when its promise settled: `next(null)` can't
 * be taken back (who forgot a `return` after it meant to drop), of several payloads the last one goes on, and an event for
 * which `next` was not called is dropped. A `next` that comes too late changes nothing, and is told to the console.
 */
export function runMiddleware(
  event: SegmentEvent,
  middleware: object,
  call: (payload: MiddlewarePayload, next: Next) => unknown,
): Passed | Promise<Passed> {
  const payload = createPayload(event)
  let passed: MiddlewarePayload | null | undefined
  let hasEnded = false
  const next: Next = (given = payload) => {
    if (hasEnded) tellOfLateNext(middleware)
    else if (passed !== null) passed = given
  }
  const end = (): Passed => {
    hasEnded = true
    if (!passed) return undefined
    if (!isPlainObject(passed.obj)) throw new TypeError('next() takes the payload of the middleware, or null')
    return passed.obj
  }
  const answer = call(payload, next)
  return isThenable(answer) ? Promise.resolve(answer).then(end) : end()
}

// Not once for each event.
const toldOf = new WeakSet<object>()

function tellOfLateNext(middleware: object): void {
  if (toldOf.has(middleware)) return
  toldOf.add(middleware)
  console.warn(
    'A middleware called next() after it had ended; the event was dropped. Let it return a promise.',
  )
}
