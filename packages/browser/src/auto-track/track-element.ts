import { pTimeout } from '@sluice/core'
import type { Context } from '../context'
import type { TrackingClient } from './tracking-client'
import type { ElementCall } from './types'

/**
 * Tracks what happened to an element. Answers what to wait for before the page may be left, or nothing when there is no
 * need to: an event in the outbox outlives the page. Nothing that goes wrong here comes in the visitor's way.
 */
export function trackElement<T extends Element>(
  analytics: TrackingClient,
  element: T,
  [event, properties, options]: ElementCall<T>,
): Promise<unknown> | undefined {
  let name: string | undefined
  let id: string | undefined
  // Plugins and listeners may track something else meanwhile.
  const accepted = ({ event }: Context) => {
    if (event.event === name) id = event.messageId
  }
  try {
    name = typeof event === 'function' ? event(element) : event
    const given = typeof properties === 'function' ? properties(element) : properties
    analytics.on('dispatch_start', accepted)
    const tracked = analytics.track(name, given ?? {}, options ?? {}).catch(report)
    const { keeper, plugins } = analytics.queue
    const isKept = id !== undefined && keeper?.page.outbox.entries.has(id)
    // Without plugins nobody would do anything about it.
    if (isKept || plugins.length === 0) return undefined
    return pTimeout(tracked, analytics.settings.timeout).catch(() => {})
  } catch (reason) {
    report(reason)
    return undefined
  } finally {
    analytics.off('dispatch_start', accepted)
  }
}

function report(reason: unknown): void {
  console.error('A click or a submission was not tracked', reason)
}
