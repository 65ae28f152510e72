import { hostRandomness } from '@sluice/core/internal'
import type { DestinationMiddlewareFunction } from '../middleware/types'
import type { SegmentEvent } from '../segment-event'
import { type Condition, readCondition } from './condition'
import { readTransformer } from './read-transformer'
import type { RoutingMatcher, RoutingRule } from './routing-rule'
import type { Transform } from './transform'

interface Rule {
  readonly destinationName: string | undefined
  readonly steps: readonly { readonly isMeant: Condition; readonly transforms: readonly Transform[] }[]
}

/**
 * The destination filters of a source as destination middleware. A rule that cannot be read is told to the console and
 * left out; the others hold all the same.
 */
export function destinationFilter(
  given: readonly unknown[],
  random: () => number = hostRandomness.random,
): DestinationMiddlewareFunction {
  const rules = given.flatMap((rule) => {
    try {
      return [readRule(rule as RoutingRule, random)]
    } catch (reason) {
      console.warn('A destination filter cannot be read and is left out', rule, reason)
      return []
    }
  })
  return ({ payload, integration, next }) => {
    const ofDestination = rules.filter(({ destinationName: name }) => !name || name === integration)
    next(ofDestination.every((rule) => passes(payload.obj, rule)) ? payload : null)
  }
}

/** Changes the event as the rule wants it, and tells whether it goes on. */
function passes(event: SegmentEvent, { steps }: Rule): boolean {
  return steps.every(
    ({ isMeant, transforms }) => !isMeant(event) || transforms.every((transform) => transform(event)),
  )
}

function readRule({ destinationName, matchers, transformers }: RoutingRule, random: () => number): Rule {
  if (matchers.length > transformers.length)
    throw new TypeError('There is a condition that nothing follows from')
  return {
    destinationName,
    steps: matchers.map((matcher, i) => ({
      isMeant: readMatcher(matcher),
      transforms: (transformers[i] ?? []).map((transformer) => readTransformer(transformer, random)),
    })),
  }
}

function readMatcher({ type, ir = '' }: RoutingMatcher): Condition {
  if (type === 'all') return () => true
  if (type === 'fql') return readCondition(JSON.parse(ir))
  throw new TypeError(`${JSON.stringify(type)} is no kind of condition`)
}
