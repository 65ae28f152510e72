import type { Emitter } from '@sluice/core'
import type { AnalyticsEmitterContract } from '../emitter-contract'
import type { EventQueue } from '../event-queue'

interface Client extends Emitter<AnalyticsEmitterContract> {
  readonly queue: EventQueue
  readonly initialized: boolean
}

/** Has events go without a plugin that cannot be used, and tells of it; before the client is complete nobody listens. */
export function leaveOut(analytics: Client, plugin: unknown, reason: unknown): void {
  const { queue } = analytics
  queue.plugins = queue.plugins.filter((other) => other !== plugin)
  const name = nameOf(plugin)
  if (name) queue.failedInitializations.push(name)
  console.error('A plugin cannot be used and is left out', plugin, reason)
  const tell = () => analytics.emit('error', { code: 'initialization_failure', reason })
  if (analytics.initialized) tell()
  else analytics.once('initialize', tell)
}

function nameOf(plugin: unknown): string | undefined {
  try {
    const { name }: { name?: unknown } = Object(plugin)
    return typeof name === 'string' ? name : undefined
  } catch {
    return undefined
  }
}
