import { memberOf, ofPage } from '../past-markup'
import { scriptNonce } from './script-nonce'
import { trustedScriptURL } from './trusted-script-url'

export interface ScriptOptions {
  /** Hash of the script, as `sha384-…`: the browser runs nothing else. */
  readonly integrity?: string | undefined
  /** How it is asked for across origins. @default 'anonymous' where there is an integrity, which needs it */
  readonly crossOrigin?: 'anonymous' | 'use-credentials' | undefined
  /** Further attributes, such as `data-…`. */
  readonly attributes?: Readonly<Record<string, string>> | undefined
}

interface LoadedScript {
  readonly element: HTMLScriptElement
  readonly loaded: Promise<HTMLScriptElement>
}

const scripts = new Map<string, LoadedScript>()

/**
 * Puts a script on the page, once for each address, with the nonce of this library's own script. Resolves when it has
 * run; rejects if it cannot be loaded, and can then be tried again.
 * @example await loadScript('https://cdn.example.com/vendor.js', { crossOrigin: 'anonymous' })
 */
export async function loadScript(url: string, options: ScriptOptions = {}): Promise<HTMLScriptElement> {
  const address = addressOf(url)
  const known = scripts.get(address) ?? insert(address, options)
  scripts.set(address, known)
  return known.loaded
}

/** Takes a script off the page. What it has done stays done; the next `loadScript` runs it again. */
export function unloadScript(url: string): void {
  const address = addressOf(url)
  scripts.get(address)?.element.remove()
  scripts.delete(address)
}

function insert(address: string, { integrity, crossOrigin, attributes = {} }: ScriptOptions): LoadedScript {
  const element = memberOf(document, 'createElement')('script')
  // Types of the platform know no address but a string.
  Object.assign(element, { src: trustedScriptURL(address), async: true })
  if (integrity) element.integrity = integrity
  if (crossOrigin || integrity) element.crossOrigin = crossOrigin ?? 'anonymous'
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value)
  const nonce = scriptNonce()
  if (nonce) element.setAttribute('nonce', nonce)
  const loaded = new Promise<HTMLScriptElement>((resolve, reject) => {
    element.onload = () => resolve(element)
    element.onerror = () => {
      if (scripts.get(address)?.element === element) scripts.delete(address)
      element.remove()
      reject(new Error(`The script ${address} could not be loaded`))
    }
  })
  // Documents of XHTML may have no head.
  ;(ofPage('head') ?? ofPage('documentElement'))?.append(element)
  return { element, loaded }
}

function addressOf(url: string): string {
  // Not from the page's base: markup can move that.
  return new URL(url, location.href).href
}
