import type { Context } from '../context'
import type { Environment } from '../environment/enrich-environment'
import { enrichEnvironment } from '../environment/enrich-environment'
import type { Plugin } from './types'

/** Tells every event in what environment it happened: browser, language, time zone, campaign, referrer. */
export function createPageEnrichment(environment: Environment & { load(): Promise<void> }): Plugin {
  const enrich = (ctx: Context) => {
    ctx.event.context = enrichEnvironment(ctx.event.context, environment)
    return ctx
  }
  return {
    name: 'Page Enrichment',
    type: 'before',
    version: '0.1.0',
    isLoaded: () => true,
    load: environment.load,
    track: enrich,
    page: enrich,
    screen: enrich,
    identify: enrich,
    group: enrich,
    alias: enrich,
  }
}
