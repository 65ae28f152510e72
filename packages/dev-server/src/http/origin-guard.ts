import type { IncomingHttpHeaders } from 'node:http'
import { Problem } from './problem'

/**
 * Refuses calls that a page of another site makes to the test API. Tracking routes are open to every page, because that is
 * what they are for; what was tracked is nobody's business, and a foreign page must neither reset it nor keep the server busy.
 * Requests that a page may not read, such as those of images, come without `Origin`; `Sec-Fetch-Site` tells them.
 */
export function refuseForeignPages(headers: IncomingHttpHeaders): void {
  const { origin, host } = headers
  const site = headers['sec-fetch-site']
  const isOwnOrigin =
    origin === undefined || (URL.canParse(origin) && new URL(origin).host === host?.toLowerCase())
  if (isOwnOrigin && site !== 'cross-site' && site !== 'same-site') return
  throw new Problem(
    403,
    'origin_not_allowed',
    'Pages of other sites may not use the test API. A link to it opens when its address is typed or pasted',
    isOwnOrigin ? { where: 'sec-fetch-site', site } : { where: 'origin', origin },
  )
}
