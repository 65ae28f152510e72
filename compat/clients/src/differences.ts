import type { Library } from './libraries'
import type { Facts } from './visit'

/** Where a client is better off on our library: the facts of either side that are set aside, and why. */
export interface Difference extends Readonly<Record<Library, (facts: Facts) => Facts>> {
  readonly page: string
  readonly scenarios: readonly string[]
  readonly because: string
}

const nothing = (facts: Facts) => facts

export const differences: readonly Difference[] = [
  {
    page: 'consent',
    scenarios: ['opt-in, nothing agreed'],
    because:
      'promises of calls that were made before the client was found to be disabled never settle with Segment',
    segment: (facts) => ({ ...facts, result: allSettled(facts.result) }),
    sluice: nothing,
  },
  {
    page: 'prezly',
    scenarios: ['all cookies'],
    because:
      'an alias of a visitor who has signed in names that very id with Segment, instead of the new one',
    segment: (facts) => ({
      ...facts,
      events: facts.events.map(withNewId),
      vendor: facts.vendor.map(({ path, body }) => ({ path, body: withNewId(Object(body)) })),
    }),
    sluice: nothing,
  },
]

const withNewId = (event: Record<string, unknown>) =>
  event.type === 'alias' && event.userId === 'ada' ? { ...event, userId: 'ada-2' } : event

const allSettled = (result: unknown) => ({ ...Object(result), calls: ['resolved', 'resolved', 'resolved'] })
