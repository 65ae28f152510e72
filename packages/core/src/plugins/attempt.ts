import type { CoreContext } from '../context'
import type { ContextCancelation } from '../context-cancelation'
import { isCancelation } from '../context-cancelation'
import { hostClock } from '../host/clock'
import { callHook } from './hook'
import { count, note } from './note'
import { registered } from './registered'
import type { HookedPlugin } from './types'

/**
 * Calls a plugin whose failure must not hurt the event: resolves with the context, or with what went wrong. Rejects
 * only if the plugin stops the whole event with a cancelation of type `middleware_cancellation`.
 */
export function attempt<Ctx extends CoreContext>(
  ctx: Ctx,
  plugin: HookedPlugin<Ctx>,
): Promise<Ctx | Error | ContextCancelation | unknown> {
  return new Promise((resolve, reject) =>
    call(ctx, plugin, resolve, (reason) => (stopsEvent(reason) ? reject : resolve)(reason)),
  )
}

/** Calls a plugin without which the event must not go on: resolves with the context, or rejects with what went wrong. */
export function ensure<Ctx extends CoreContext>(ctx: Ctx, plugin: HookedPlugin<Ctx>): Promise<Ctx> {
  return new Promise((resolve, reject) =>
    call(ctx, plugin, resolve, (reason) => {
      noteCanceled(ctx)
      reject(reason)
    }),
  )
}

/** It may take as long as it likes. */
function call<Ctx extends CoreContext>(
  ctx: Ctx,
  plugin: HookedPlugin<Ctx>,
  ended: (ctx: Ctx) => void,
  failed: (reason: unknown) => void,
): void {
  callHook(ctx, registered(plugin), { clock: hostClock, ms: 0 }, (last, failure) => {
    if (failure) failed(failure.reason)
    else ended(last)
  })
}

/** Whether it is a cancelation that stops an event whatever kind of plugin threw it. */
export function stopsEvent(reason: unknown): boolean {
  return isCancelation(reason) && reason.type === 'middleware_cancellation'
}

/** Notes that an event goes no further because of a plugin without which it must not go on. */
export function noteCanceled(ctx: CoreContext): void {
  note(ctx, 'debug', 'Context canceled')
  count(ctx, 'context_canceled')
}
