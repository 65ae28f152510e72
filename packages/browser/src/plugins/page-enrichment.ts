import type { Environment } from '../environment/enrich-environment'
import { enrichEnvironment } from '../environment/enrich-environment'
import { onEveryEvent } from './on-every-event'
import type { AnyPlugin } from './types'

/** Tells every event in what environment it happened: browser, language, time zone, campaign, referrer. */
export function createPageEnrichment(environment: Environment & { load(): Promise<void> }): AnyPlugin {
  return {
    name: 'Page Enrichment',
    type: 'before',
    version: '0.1.0',
    isLoaded: () => true,
    load: environment.load,
    ...onEveryEvent((ctx) => {
      ctx.event.context = enrichEnvironment(ctx.event.context, environment)
      return ctx
    }),
  }
}
