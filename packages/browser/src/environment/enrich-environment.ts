import type { Campaign, CoreExtraContext } from '@sluice/core'
import { isPlainObject } from '@sluice/core'
import { withOneReading } from '../storage/cookie-text'
import type { AdReferrer } from './ad-referrer'
import { adReferrerOf } from './ad-referrer'
import { campaignOf } from './campaign'
import { parseQuery } from './query'

/** What surrounds the events of one client. It is asked anew for every event. */
export interface Environment {
  /** What there is to say of it, whatever the event. */
  describe(): Pick<
    CoreExtraContext,
    'userAgent' | 'userAgentData' | 'locale' | 'library' | 'timezone' | 'amp'
  >
  /** The ad that brought the visitor, as it was kept on an earlier page. */
  adReferrer(): unknown
  keepAdReferrer(ad: AdReferrer): void
}

/** The context of an event with what its environment adds to it, as a new object. */
export function enrichEnvironment(
  context: CoreExtraContext | undefined,
  environment: Environment,
): CoreExtraContext {
  return withOneReading(() => enrich(context, environment))
}

function enrich(context: CoreExtraContext | undefined, environment: Environment): CoreExtraContext {
  const { locale, library, ...always } = environment.describe()
  const enriched: CoreExtraContext = { ...context, ...always }
  enriched.locale ??= locale
  enriched.library ||= library

  // An object, for applications that keep their query as one.
  const search: unknown = context?.page?.search
  const parameters = parseQuery(search)
  // The type promises the three usual parameters; a link has those that somebody put into it.
  if (search) enriched.campaign ||= campaignOf(parameters) as Campaign

  const named = adReferrerOf(parameters)
  if (named) environment.keepAdReferrer(named)
  const ad = named ?? environment.adReferrer()
  if (isPlainObject(ad)) enriched.referrer = { ...enriched.referrer, ...ad }
  return enriched
}
