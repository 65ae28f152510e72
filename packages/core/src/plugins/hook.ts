import type { CoreContext } from '../context'
import { ContextCancelation, isCancelation } from '../context-cancelation'
import { isThenable } from '../flow/thenable'
import type { TimeLimit } from '../flow/time-limit'
import { withTimeLimit } from '../flow/time-limit'
import type { HookedPlugin } from './types'

/** Why something went no further: an error, or a cancelation if a plugin decided so. */
export interface Failure {
  readonly reason: unknown
}

/** Hears, once, how it ended: with the context to go on with, or with a failure. */
export type HookEnded<Ctx> = (ctx: Ctx, failure?: Failure) => void

/**
 * Calls the hook that `plugin` has for this event and tells, exactly once, how it ended. Whatever the plugin does,
 * nothing is thrown. A hook that answers at once is answered at once; one that waits has the time it is given.
 * With `keepsContext`, whatever the plugin answers, the event goes on with the context that it got.
 */
export function callHook<Ctx extends CoreContext>(
  ctx: Ctx,
  plugin: HookedPlugin<Ctx>,
  limit: TimeLimit,
  ended: HookEnded<Ctx>,
  keepsContext?: boolean,
): void {
  const { name } = plugin
  const start = limit.clock.now()

  const answered = (answer: unknown) => {
    const next = keepsContext ? ctx : answer
    if (next === null) {
      end(new ContextCancelation({ retry: false, reason: `Dropped by ${name}` }))
    } else if (isContext<Ctx>(next)) {
      next.stats.gauge('plugin_time', limit.clock.now() - start, [`plugin:${name}`])
      ended(next)
    } else {
      failed(new TypeError(`plugin ${name} answered ${typeof next}, neither a context nor null`))
    }
  }

  const failed = (reason: unknown) => {
    if (isCancelation(reason)) ctx.log('warn', reason.type, { plugin: name, error: reason })
    else {
      ctx.log('error', 'plugin Error', { plugin: name, error: reason })
      ctx.stats.increment('plugin_error', 1, [`plugin:${name}`])
    }
    end(reason)
  }

  const end = (reason: unknown) => {
    // It may be frozen.
    if (isCancelation(reason)) Reflect.set(reason, 'by', name)
    ended(ctx, { reason })
  }

  ctx.log('debug', 'plugin', { plugin: name })
  let answer: unknown
  try {
    const { type } = ctx.event
    if (typeof plugin[type] !== 'function') {
      ended(ctx)
      return
    }
    // Hooks may be methods: they are called on their plugin.
    answer = plugin[type](ctx)
    if (isThenable(answer)) {
      withTimeLimit(answer, limit, `${type} of plugin ${name}`).then(answered, failed)
      return
    }
  } catch (reason) {
    failed(reason)
    return
  }
  answered(answer)
}

// Not by its class: an application may hold the library twice, once for `import` and once for `require`.
function isContext<Ctx extends CoreContext>(value: unknown): value is Ctx {
  return typeof value === 'object' && value !== null && 'event' in value && 'cancel' in value
}
