import { enrichEnvironment } from '../environment/enrich-environment'
import type { HostEnvironment } from '../environment/host-environment'
import { onEveryEvent } from './on-every-event'
import type { AnyPlugin } from './types'

/** Tells every event in what environment it happened: browser, language, time zone, campaign, referrer. */
export function createPageEnrichment(environment: HostEnvironment): AnyPlugin {
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
