import { singleFlight } from '@sluice/core/internal'
import type { DestinationMiddlewareFunction } from '../middleware/types'

/**
 * The destination filters of a source as middleware of all destinations. What reads them is loaded at once, and nobody but
 * the destinations that they are for waits for it. If it cannot be loaded those get nothing, and each event asks for
 * it again: a filter may be there to keep something back.
 */
export function lateDestinationFilter(rules: readonly unknown[]): DestinationMiddlewareFunction {
  let filter: DestinationMiddlewareFunction | undefined
  const load = singleFlight(async () => {
    const { destinationFilter } = await import('./destination-filter')
    filter = destinationFilter(rules)
    return filter
  })
  load().catch(() => {})

  const isFor = (destination: string) =>
    rules.some((rule) => {
      const { destinationName: name }: { destinationName?: unknown } = rule ?? {}
      return !name || name === destination
    })

  return async (call) => {
    if (!isFor(call.integration)) call.next(call.payload)
    else await (filter ?? (await load()))(call)
  }
}
