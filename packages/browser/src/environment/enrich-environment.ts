import type { Campaign, CoreExtraContext } from '@sluice/core'
import { isPlainObject } from '@sluice/core'
import type { AdReferrer } from './ad-referrer'
import { adReferrerOf } from './ad-referrer'
import { campaignOf } from './campaign'
import type { ClientHints } from './client-hints'
import { parseQuery } from './query'

/** What surrounds the events of one client. It is asked anew for every event. */
export interface Environment {
  /** Version of this library. */
  readonly version: string
  userAgent(): string | undefined
  clientHints(): ClientHints | undefined
  locale(): string | undefined
  timeZone(): string | undefined
  /** Id of a visitor who came from an AMP page. */
  ampId(): string | undefined
  /** The ad that brought the visitor, as it was kept on an earlier page. */
  adReferrer(): unknown
  keepAdReferrer(ad: AdReferrer): void
}

/** The context of an event with what its environment adds to it, as a new object. */
export function enrichEnvironment(
  context: CoreExtraContext | undefined,
  environment: Environment,
): CoreExtraContext {
  const enriched: CoreExtraContext = {
    ...context,
    userAgent: environment.userAgent(),
    userAgentData: environment.clientHints(),
    library: context?.library || { name: '@sluice/browser', version: environment.version },
    timezone: environment.timeZone(),
  }
  if (enriched.locale === undefined) enriched.locale = environment.locale()

  // An object, for applications that keep their query as one.
  const search: unknown = context?.page?.search
  const parameters = parseQuery(typeof search === 'string' ? search.replaceAll('?', '&') : search)
  // The type promises the three usual parameters; a link has those that somebody put into it.
  if (search) enriched.campaign ||= campaignOf(parameters) as Campaign

  const ampId = environment.ampId()
  if (ampId) enriched.amp = { id: ampId }

  const kept = environment.adReferrer()
  const ad = adReferrerOf(parameters)
  if (ad) environment.keepAdReferrer(ad)
  if (ad || isPlainObject(kept)) {
    enriched.referrer = { ...enriched.referrer, ...(isPlainObject(kept) && kept), ...ad }
  }
  return enriched
}
