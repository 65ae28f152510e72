import { exists } from '@sluice/core'

/** Where to look for the CDN, the first that is known. */
export interface CDNHints {
  /** Given in the settings. */
  readonly cdnURL?: string | undefined
  /** Left on the global client by a snippet: its `_cdn`. */
  readonly fromSnippet?: string | undefined
  /** The addresses of the page's scripts, in order. */
  scripts(): Iterable<string>
}

const segmentCDN = 'https://cdn.segment.com'

/** Everything before `/analytics.js/v1/<key>/…`, of scripts that came over https. */
const scriptAddress = /^(https:\/\/.*?)\/analytics\.js\/v1\/[^/]+\//

/** The base of the CDN, without a slash at its end: whoever serves the library serves its settings as well. */
export function cdnBase({ cdnURL, fromSnippet, scripts }: CDNHints): string {
  return (cdnURL || fromSnippet || lastScriptBase(scripts()) || segmentCDN).replace(/\/+$/, '')
}

/** The base of the CDN that a script came from, if its address tells. */
export function cdnOfScript(address: string): string | undefined {
  return scriptAddress.exec(address)?.[1]
}

function lastScriptBase(addresses: Iterable<string>): string | undefined {
  return [...addresses].map(cdnOfScript).filter(exists).at(-1)
}
