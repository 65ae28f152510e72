import { ofPage } from '../past-markup'
import { ownScript } from './own-script'

/**
 * The nonce that scripts must bear on this page, if any. Modules cannot see the element they came in; the scripts of a
 * page all bear the same nonce, so there any of them tells it.
 */
export function scriptNonce(): string | undefined {
  // The attribute itself reads as empty: browsers hide it from style sheets.
  return ownScript.nonce || ofPage('querySelector')?.<HTMLScriptElement>('script[nonce]')?.nonce || undefined
}
