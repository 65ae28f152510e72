import type { CoreContext } from '../context'
import type { ContextCancelation } from '../context-cancelation'
import { noteCanceled } from './attempt'
import type { HookRules } from './hook'
import { callHook } from './hook'
import { isSwitchedOn } from './integrations'
import type { HookedPlugin } from './types'

/** What the `before` and `enrichment` plugins made of an event. */
export type ShapeEnd<Ctx> =
  | { readonly type: 'shaped'; readonly ctx: Ctx }
  | {
      readonly type: 'dropped'
      readonly ctx: Ctx
      readonly by: string
      readonly cancelation: ContextCancelation
    }
  | { readonly type: 'failed'; readonly ctx: Ctx; readonly reason: unknown }

export interface Shaping<Ctx extends CoreContext, Plugin extends HookedPlugin<Ctx>> {
  /** In the order of registration. */
  readonly plugins: readonly Plugin[]
  readonly rules: HookRules
  /** Hears of each plugin after which the event goes on, even if it failed. */
  enriched(ctx: Ctx, plugin: Plugin): void
}

/**
 * Takes an event through the `before` plugins and then the `enrichment` plugins, one after the other. A `before`
 * plugin that fails stops the event; an `enrichment` plugin that fails is passed over. Either may drop the event.
 * If no plugin waits, neither does this.
 */
export function shapeEvent<Ctx extends CoreContext, Plugin extends HookedPlugin<Ctx>>(
  ctx: Ctx,
  shaping: Shaping<Ctx, Plugin>,
  done: (end: ShapeEnd<Ctx>) => void,
): void {
  // The plugins of this moment: if some come or go while one of them waits, none is passed over for it.
  step(ctx, shaping, shaping.plugins, 'before', 0, done)
}

function step<Ctx extends CoreContext, Plugin extends HookedPlugin<Ctx>>(
  ctx: Ctx,
  shaping: Shaping<Ctx, Plugin>,
  plugins: readonly Plugin[],
  phase: 'before' | 'enrichment',
  from: number,
  done: (end: ShapeEnd<Ctx>) => void,
): void {
  for (let index = from; index < plugins.length; index++) {
    const plugin = plugins[index]
    if (plugin?.type !== phase || !isSwitchedOn(plugin, ctx.event.integrations)) continue
    callHook(ctx, plugin, shaping.rules, (end) => {
      if (end.type !== 'done' && phase === 'before') noteCanceled(ctx)
      if (end.type === 'dropped') {
        done({ type: 'dropped', ctx, by: plugin.name, cancelation: end.cancelation })
      } else if (end.type === 'failed' && phase === 'before') {
        done({ type: 'failed', ctx, reason: end.reason })
      } else {
        const next = end.type === 'done' ? end.ctx : ctx
        shaping.enriched(next, plugin)
        step(next, shaping, plugins, phase, index + 1, done)
      }
    })
    return
  }
  if (phase === 'before') step(ctx, shaping, plugins, 'enrichment', 0, done)
  else done({ type: 'shaped', ctx })
}
