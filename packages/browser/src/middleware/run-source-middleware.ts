import { ContextCancelation } from '@sluice/core'
import { copyData, isThenable } from '@sluice/core/internal'
import type { Context } from '../context'
import type { SegmentEvent } from '../segment-event'
import { runMiddleware } from './run-middleware'
import type { MiddlewareFunction } from './types'

/** Lets a source middleware change an event, or drop it. One that does not wait is answered at once. */
export function runSourceMiddleware(
  ctx: Context,
  middleware: MiddlewareFunction,
  integrations: SegmentEvent['integrations'],
): Context | Promise<Context> {
  const goOn = (event: SegmentEvent | undefined) => {
    if (!event) throw dropped()
    ctx.event = event
    return ctx
  }
  // A copy: what is tried again or dropped is the event as it came.
  const passed = runMiddleware(copyData(asItCame(ctx)), middleware, (payload, next) =>
    middleware({ payload, integrations, next }),
  )
  return isThenable(passed) ? Promise.resolve(passed).then(goOn) : goOn(passed)
}

interface Attempt {
  readonly event: SegmentEvent
  number: number
}

const attempts = new WeakMap<Context, Attempt>()

/** An event that is tried again begins anew: what middleware made of it in an earlier attempt is forgotten. */
function asItCame(ctx: Context): SegmentEvent {
  const attempt = attempts.get(ctx) ?? { event: ctx.event, number: ctx.attempts }
  attempts.set(ctx, attempt)
  if (attempt.number === ctx.attempts) return ctx.event
  attempt.number = ctx.attempts
  return attempt.event
}

const dropped = () =>
  new ContextCancelation({
    retry: false,
    type: 'middleware_cancellation',
    reason: 'Middleware `next` function skipped',
  })
