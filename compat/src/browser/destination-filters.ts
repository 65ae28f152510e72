import { createRequire } from 'node:module'
import { destinationFilter } from '../../../packages/browser/src/filters/destination-filter'
import type { Fields } from '../library'

/** An event, or nothing if it was dropped. */
export type Filtered = Fields | undefined

/** Applies the destination filters of a source to an event on its way to one destination. */
export type ApplyFilters = (rules: unknown[], event: Fields, destination?: string) => Filtered

interface Payload {
  obj: Fields
}

type Middleware = (call: {
  payload: Payload
  integration: string
  next(payload: Payload | null): void
}) => void

/** The part of Segment's library that does it, as its client calls it. */
export function segmentFilters(): ApplyFilters {
  const require = createRequire(import.meta.url)
  const { tsubMiddleware } = require('@segment/analytics-next/dist/cjs/plugins/routing-middleware')
  return applying(tsubMiddleware)
}

export function sluiceFilters(random?: () => number): ApplyFilters {
  return applying((rules) => destinationFilter(rules, random) as object as Middleware)
}

function applying(middlewareOf: (rules: unknown[]) => Middleware): ApplyFilters {
  return (rules, event, destination = 'Web') => {
    const payload = { obj: structuredClone(event) }
    let passed: Filtered
    let hasEnded = false
    middlewareOf(rules)({
      payload,
      integration: destination,
      // The peer goes on after a drop; its client takes the first.
      next(given) {
        if (!hasEnded) passed = given?.obj
        hasEnded = true
      },
    })
    return passed
  }
}
