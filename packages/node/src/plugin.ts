import type { CorePlugin } from '@sluice/core'
import type { AnalyticsClient } from './analytics-client'
import type { Context } from './context'

/**
 * An extension of the pipeline; see `CorePlugin` for its hooks.
 *
 * @example
 * const withPlan: Plugin = {
 *   name: 'With plan', type: 'enrichment', version: '1.0.0', isLoaded: () => true, load: async () => {},
 *   track(ctx) { ctx.updateEvent('context.plan', 'pro'); return ctx },
 * }
 */
export interface Plugin extends CorePlugin<Context, AnalyticsClient> {}
