import type { CoreContext } from '../context'
import { ContextCancelation, isCancelation } from '../context-cancelation'
import { isThenable } from '../flow/thenable'
import type { TimeLimit } from '../flow/time-limit'
import { withTimeLimit } from '../flow/time-limit'
import type { HookedPlugin } from './types'

/** How a plugin's hook ended: with a context to go on with, with nothing to do, by dropping the event, or badly. */
export type HookEnd<Ctx> =
  | { readonly type: 'done'; readonly ctx: Ctx }
  | { readonly type: 'dropped'; readonly cancelation: ContextCancelation }
  | { readonly type: 'failed'; readonly reason: unknown }

export interface HookRules extends TimeLimit {
  /** For plugins that cannot replace the context: whatever they answer, the event goes on with the one they got. */
  readonly keepsContext?: boolean
}

/**
 * Calls the hook that `plugin` has for this event and tells, exactly once, how it ended. Whatever the plugin does,
 * nothing is thrown. A hook that answers at once is answered at once; one that waits has the time it is given.
 */
export function callHook<Ctx extends CoreContext>(
  ctx: Ctx,
  plugin: HookedPlugin<Ctx>,
  rules: HookRules,
  ended: (end: HookEnd<Ctx>) => void,
): void {
  ctx.log('debug', 'plugin', { plugin: plugin.name })
  const start = rules.clock.now()
  let answer: unknown
  let isLate: boolean
  try {
    const hook = plugin[ctx.event.type]
    // Hooks may be methods: they are called on their plugin.
    answer = typeof hook === 'function' ? hook.call(plugin, ctx) : ctx
    isLate = isThenable(answer)
  } catch (reason) {
    ended(badEnd(ctx, plugin, reason))
    return
  }
  if (!isLate) {
    ended(goodEnd(ctx, plugin, rules, answer, start))
    return
  }
  withTimeLimit(Promise.resolve(answer), rules, `${ctx.event.type} of plugin ${plugin.name}`).then(
    (late) => ended(goodEnd(ctx, plugin, rules, late, start)),
    (reason) => ended(badEnd(ctx, plugin, reason)),
  )
}

function goodEnd<Ctx extends CoreContext>(
  ctx: Ctx,
  plugin: HookedPlugin<Ctx>,
  rules: HookRules,
  answer: unknown,
  start: number,
): HookEnd<Ctx> {
  if (answer === null && !rules.keepsContext) {
    const reason = `Dropped by ${plugin.name}`
    return { type: 'dropped', cancelation: new ContextCancelation({ retry: false, reason }) }
  }
  const next = isContext<Ctx>(answer) && !rules.keepsContext ? answer : ctx
  if (next !== answer && !rules.keepsContext) {
    const problem = `plugin ${plugin.name} answered ${describe(answer)} instead of a context (or null, to drop the event)`
    return badEnd(ctx, plugin, new TypeError(problem))
  }
  next.stats.gauge('plugin_time', rules.clock.now() - start, [`plugin:${plugin.name}`])
  return { type: 'done', ctx: next }
}

function badEnd<Ctx extends CoreContext>(ctx: Ctx, plugin: HookedPlugin<Ctx>, reason: unknown): HookEnd<Ctx> {
  if (isCancelation(reason)) {
    ctx.log('warn', reason.type, { plugin: plugin.name, error: reason })
    return { type: 'dropped', cancelation: reason }
  }
  ctx.log('error', 'plugin Error', { plugin: plugin.name, error: reason })
  ctx.stats.increment('plugin_error', 1, [`plugin:${plugin.name}`])
  return { type: 'failed', reason }
}

// Not by its class: an application may hold the library twice, once for `import` and once for `require`.
function isContext<Ctx extends CoreContext>(value: unknown): value is Ctx {
  return typeof value === 'object' && value !== null && 'event' in value && 'cancel' in value
}

function describe(value: unknown): string {
  if (value === undefined) return 'nothing'
  return Array.isArray(value) ? 'a list' : `a value of type ${typeof value}`
}
