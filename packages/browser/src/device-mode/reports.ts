import { isCancelation } from '@sluice/core/internal'
import type { Analytics } from '../analytics'
import type { Context } from '../context'
import type { AnyPlugin } from '../plugins/types'

/** The generation of a destination. */
export type Generation = 'classic' | 'action'

/** Counts a call of a destination's code under the name that Segment's library counts it. */
export function countCall(
  type: Generation,
  ctx: Context,
  method: string,
  name: string,
  hasFailed = false,
): void {
  ctx.stats.increment(`analytics_js.integration.invoke${hasFailed ? '.error' : ''}`, 1, [
    `method:${method}`,
    `integration_name:${name}`,
    `type:${type}`,
  ])
}

/** Tells those who listen for errors that a destination could not be loaded; before the client is complete nobody does. */
export function tellFailure(analytics: Analytics, name: string, cause: unknown): void {
  const reason = new Error(`The destination ${name} could not be loaded`, { cause })
  const tell = () => analytics.emit('error', { code: 'initialization_failure', reason })
  if (analytics.initialized) tell()
  else analytics.once('initialize', tell)
}

/** Tells that a destination failed on an event for which nobody waits any longer. */
export function tellLateFailure(
  { queue }: Analytics,
  ctx: Context,
  plugin: AnyPlugin,
  reason: unknown,
): void {
  if (isCancelation(reason)) return
  ctx.log('error', `${ctx.event.type} of a destination failed`, { plugin: plugin.name, error: reason })
  queue.emit('destination_failure', ctx, plugin, reason)
}
