import { guarded } from '../storage/guarded'

export const segmentCDN = 'https://cdn.segment.com'

/** Everything before `/analytics.js/v1/<key>/…`, of scripts that came over https. */
const scriptAddress = /^(https:\/\/.*?)\/analytics\.js\/v1\/[^/]+\//

/**
 * The base of the CDN, without a slash at its end: the one that was given, or Segment's. Nothing on the page tells it,
 * neither addresses of scripts, which need not have run, nor the page's base.
 */
export function cdnBase(given: unknown): string {
  const base = typeof given === 'string' && given ? given : segmentCDN
  return guarded(() => new URL(base, location.href).href, base).replace(/\/+$/, '')
}

/** The base of the CDN that a script came from, if its address tells. */
export function cdnOfScript(address: string): string | undefined {
  return scriptAddress.exec(address)?.[1]
}
