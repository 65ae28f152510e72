import { Problem } from './problem'

/**
 * Refuses calls that a page of another site makes to the test API. Tracking routes are open to every page, because that is
 * what they are for; what was tracked is nobody's business, and a foreign page must not reset it either.
 */
export function refuseForeignOrigin(origin: string | undefined, host: string | undefined): void {
  if (origin === undefined) return
  if (URL.canParse(origin) && new URL(origin).host === host?.toLowerCase()) return
  throw new Problem(403, 'origin_not_allowed', 'Pages of other sites may not use the test API', {
    where: 'origin',
    origin,
  })
}
