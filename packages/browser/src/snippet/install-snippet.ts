import { isPage, ofPage } from '../past-markup'
import type { SnippetOptions } from './options'
import { runSnippet, type SnippetList } from './run-snippet'
import { snippetArguments } from './snippet-arguments'

/**
 * Does what the snippet does, from a script of your own: options may hold functions here. Answers what it has put on the
 * page; on a server there is no page, so nothing.
 * @example installSnippet({ writeKey, src: '/assets/sluice.min.js', load: { disable: () => !hasAgreed() } })
 */
export function installSnippet(options: SnippetOptions): SnippetList | undefined {
  const nonce = options.nonce ?? pageNonce()
  const args = snippetArguments(nonce ? { ...options, nonce } : options)
  return isPage() ? runSnippet(Object.assign(globalThis), ...args) : undefined
}

/** Modules and callbacks cannot see the element they came in; the scripts of a page all bear the same nonce. */
function pageNonce(): string | undefined {
  return (ofPage('currentScript') ?? ofPage('querySelector')?.<HTMLScriptElement>('script[nonce]'))?.nonce
}
