/**
 * One of the filters that a source's settings hold for its destinations: events that `matchers[i]` match go through
 * `transformers[i]`.
 */
export interface RoutingRule {
  /** The destination it is for, by its exact name; without one it is for all. */
  destinationName?: string
  matchers: RoutingMatcher[]
  transformers: RoutingTransformer[][]
  /** Whose it is; the rule is the same whoever made it. */
  scope?: string
  target_type?: string
}

export interface RoutingMatcher {
  /** `all` events, or those that a condition is true of. */
  type: 'all' | 'fql' | string
  /** The condition, as JSON. */
  ir?: string
}

export interface RoutingTransformer {
  type: string
  config?: unknown
}
