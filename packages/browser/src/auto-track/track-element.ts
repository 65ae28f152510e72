import { pTimeout } from '@sluice/core'
import { cloudDestination, isSwitchedOn } from '@sluice/core/internal'
import type { Context } from '../context'
import type { TrackingClient } from './tracking-client'
import type { ElementCall } from './types'

/**
 * Tracks what happened to an element. Answers what to wait for before the page may be left, or nothing when there is no
 * need to: an event in the outbox outlives the page, and so nobody waits for the Tracking API. A destination of the page
 * ends with the page. Nothing that goes wrong here comes in the visitor's way.
 */
export function trackElement<T extends Element>(
  analytics: TrackingClient,
  element: T,
  [event, properties, options]: ElementCall<T>,
): Promise<unknown> | undefined {
  let name: string | undefined
  let accepted: Context | undefined
  // Plugins and listeners may track something else meanwhile.
  const hear = (ctx: Context) => {
    if (ctx.event.event === name) accepted = ctx
  }
  try {
    name = typeof event === 'function' ? event(element) : event
    const given = typeof properties === 'function' ? properties(element) : properties
    analytics.on('dispatch_start', hear)
    const tracked = analytics.track(name, given ?? {}, options ?? {}).catch(report)
    const { keeper, plugins } = analytics.queue
    // Without plugins nobody would do anything about it.
    if (plugins.length === 0) return undefined
    const { messageId, integrations } = accepted?.event ?? {}
    const isKept = messageId !== undefined && keeper?.page.outbox.entries.has(messageId)
    const isForThePage = plugins.some(
      (plugin) =>
        plugin.type === 'destination' &&
        plugin.name !== cloudDestination &&
        plugin.track &&
        isSwitchedOn(plugin, integrations),
    )
    if (isKept && !isForThePage) return undefined
    return pTimeout(tracked, analytics.settings.timeout).catch(() => {})
  } catch (reason) {
    report(reason)
    return undefined
  } finally {
    analytics.off('dispatch_start', hear)
  }
}

function report(reason: unknown): void {
  console.error('A click or a submission was not tracked', reason)
}
