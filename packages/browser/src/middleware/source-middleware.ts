import { ContextCancelation } from '@sluice/core'
import { isThenable } from '@sluice/core/internal'
import type { Context } from '../context'
import { onEveryEvent } from '../plugins/on-every-event'
import type { AnyPlugin } from '../plugins/types'
import type { SegmentEvent } from '../segment-event'
import { createPayload } from './payload'
import type { MiddlewareFunction, MiddlewarePayload } from './types'

/** A middleware as a plugin that sees every event before the others do. */
export function sourceMiddlewarePlugin(
  run: MiddlewareFunction,
  integrations: SegmentEvent['integrations'],
): AnyPlugin {
  const hook = (ctx: Context): Context | Promise<Context> => {
    let passed: MiddlewarePayload | null | undefined
    const goOn = () => {
      if (!passed) throw dropped()
      ctx.event = passed.obj
      return ctx
    }
    const answer: unknown = run({
      payload: createPayload(ctx.event),
      integrations,
      next(payload) {
        passed = payload
      },
    })
    return isThenable(answer) ? Promise.resolve(answer).then(goOn) : goOn()
  }
  return {
    name: `Source Middleware ${run.name}`,
    type: 'before',
    version: '0.1.0',
    isLoaded: () => true,
    load: () => Promise.resolve(),
    ...onEveryEvent(hook),
  }
}

const dropped = () =>
  new ContextCancelation({
    retry: false,
    type: 'middleware_cancellation',
    reason: 'Middleware `next` function skipped',
  })
