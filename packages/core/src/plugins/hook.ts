import type { CoreContext } from '../context'
import { ContextCancelation, isCancelation } from '../context-cancelation'
import { isThenable } from '../flow/thenable'
import type { TimeLimit } from '../flow/time-limit'
import { withTimeLimit } from '../flow/time-limit'
import { isFunction } from '../flow/type-guards'
import { toError } from '../to-error'
import type { Failure } from './failure'
import { count, gauge, note } from './note'
import type { Registered } from './registered'
import type { HookedPlugin } from './types'

/** Hears, once, how it ended: with the context to go on with, or with a failure. */
export type HookEnded<Ctx> = (ctx: Ctx, failure?: Failure) => void

/**
 * Calls the hook that a plugin has for this event and tells, exactly once, how it ended. Whatever the plugin does,
 * nothing is thrown, and what is told can be used: a context with an event, or a reason that can be read. A hook that
 * answers at once is answered at once; one that waits has the time it is given. With `keepsContext`, whatever the plugin
 * answers, the event goes on with the context that it got.
 */
export function callHook<Ctx extends CoreContext>(
  ctx: Ctx,
  { plugin, name }: Registered<HookedPlugin<Ctx>>,
  limit: TimeLimit,
  ended: HookEnded<Ctx>,
  keepsContext?: boolean,
): void {
  let event: Ctx['event']
  let type: Ctx['event']['type']
  const start = limit.clock.elapsed()

  const answered = (answer: unknown) => {
    let next: Ctx | null
    try {
      if (!keepsEvent(ctx, event, type)) throw new TypeError(`plugin ${name} left no event in the context`)
      next = keepsContext || answer === ctx ? ctx : contextIn(answer, name)
    } catch (reason) {
      failed(reason)
      return
    }
    if (next) {
      gauge(next, 'plugin_time', limit.clock.elapsed() - start, [`plugin:${name}`])
      ended(next)
    } else ended(ctx, dropped(new ContextCancelation({ retry: false, reason: `Dropped by ${name}` }), name))
  }

  const failed = (given: unknown) => {
    keepsEvent(ctx, event, type)
    const reason = readable(given, name)
    if (isCancelation(reason)) {
      note(ctx, 'warn', reason.type, { plugin: name, error: reason })
      ended(ctx, dropped(reason, name))
    } else {
      note(ctx, 'error', 'plugin Error', { plugin: name, error: reason })
      count(ctx, 'plugin_error', [`plugin:${name}`])
      ended(ctx, { reason })
    }
  }

  note(ctx, 'debug', 'plugin', { plugin: name })
  let answer: unknown
  let pending: Promise<unknown> | undefined
  let isAsked = false
  try {
    event = ctx.event
    type = event.type
    isAsked = isFunction(plugin[type])
    // Hooks may be methods: they are called on their plugin.
    if (isAsked) answer = plugin[type]?.(ctx)
    if (isThenable(answer)) pending = withTimeLimit(answer, limit, `${type} of plugin ${name}`)
  } catch (reason) {
    failed(reason)
    return
  }
  if (pending) pending.then(answered, failed)
  else if (isAsked) answered(answer)
  else ended(ctx)
}

const calls = /* @__PURE__ */ new Set<unknown>(['track', 'page', 'identify', 'group', 'alias', 'screen'])

/** Whether events of this type have a hook. Only so may it be looked up: `load` and `toString` are no hooks. */
export function isCall(type: unknown): boolean {
  return calls.has(type)
}

// Not by its class: an application may hold the library twice, once for `import` and once for `require`.
function contextIn<Ctx extends CoreContext>(answer: unknown, name: string): Ctx | null {
  if (answer === null) return null
  const { event, failedDelivery }: { event?: { type?: unknown }; failedDelivery?: unknown } = Object(answer)
  if (isCall(event?.type) && isFunction(failedDelivery)) return answer as Ctx
  throw new TypeError(`plugin ${name} answered ${typeof answer}, neither a context nor null`)
}

/** Whether the hook has left an event in the context that it got, of one of the six types; otherwise it gets back the one that it had. */
function keepsEvent<Ctx extends CoreContext>(ctx: Ctx, event: Ctx['event'], type: string): boolean {
  try {
    if (isCall(ctx.event?.type)) return true
    ctx.event = Object.assign(event, { type })
  } catch {}
  return false
}

/** What was thrown, if it can be looked at: foreign code can throw what throws in its turn. */
function readable(reason: unknown, name: string): unknown {
  try {
    return isCancelation(reason) || toError(reason) ? reason : undefined
  } catch {
    return new Error(`plugin ${name} threw what cannot be read`)
  }
}

function dropped(reason: ContextCancelation, name: string): Failure {
  // It may be frozen.
  Reflect.set(reason, 'by', name)
  return { reason }
}
