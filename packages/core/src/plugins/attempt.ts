import type { CoreContext } from '../context'
import type { ContextCancelation } from '../context-cancelation'
import { hostClock } from '../host/clock'
import type { HookEnd } from './hook'
import { callHook } from './hook'
import type { HookedPlugin } from './types'

/** A cancelation of this type stops an event whatever kind of plugin threw it. */
export const wholeEvent = 'middleware_cancellation'

const asLongAsItLikes = { clock: hostClock, ms: 0 }

/**
 * Calls a plugin whose failure must not hurt the event: resolves with the context, or with what went wrong. Rejects
 * only if the plugin stops the whole event with a cancelation of type `middleware_cancellation`.
 */
export async function attempt<Ctx extends CoreContext>(
  ctx: Ctx,
  plugin: HookedPlugin<Ctx>,
): Promise<Ctx | Error | ContextCancelation | unknown> {
  const end = await hookEnd(ctx, plugin)
  if (end.type === 'done') return end.ctx
  if (end.type === 'failed') return end.reason
  if (end.cancelation.type === wholeEvent) throw end.cancelation
  return end.cancelation
}

/** Calls a plugin without which the event must not go on: resolves with the context, or rejects with what went wrong. */
export async function ensure<Ctx extends CoreContext>(ctx: Ctx, plugin: HookedPlugin<Ctx>): Promise<Ctx> {
  const end = await hookEnd(ctx, plugin)
  if (end.type === 'done') return end.ctx
  noteCanceled(ctx)
  throw end.type === 'failed' ? end.reason : end.cancelation
}

/** Notes that an event goes no further because of a plugin without which it must not go on. */
export function noteCanceled(ctx: CoreContext): void {
  ctx.log('debug', 'Context canceled')
  ctx.stats.increment('context_canceled')
}

function hookEnd<Ctx extends CoreContext>(ctx: Ctx, plugin: HookedPlugin<Ctx>): Promise<HookEnd<Ctx>> {
  return new Promise((resolve) => callHook(ctx, plugin, asLongAsItLikes, resolve))
}
