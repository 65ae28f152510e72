import type { CoreContext } from '../context'
import type { LogLevel } from '../ports/logger'

/** Logs a line about an event. Plugins can break its context; no event is lost for what is said about it. */
export function note(
  ctx: CoreContext,
  level: LogLevel,
  message: string,
  extras?: object | (() => object),
): void {
  try {
    ctx.log(level, message, extras)
  } catch {}
}

/** Counts something about an event, as safely as that. */
export function count(ctx: CoreContext, metric: string, tags?: string[]): void {
  try {
    ctx.stats.increment(metric, 1, tags)
  } catch {}
}

/** Notes how long something took, in ms, as safely as that. */
export function gauge(ctx: CoreContext, metric: string, ms: number, tags?: string[]): void {
  try {
    ctx.stats.gauge(metric, ms, tags)
  } catch {}
}
