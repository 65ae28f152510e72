import { ofPage } from '../past-markup'

let told: string | undefined

/** Tells the nonce of the script that this library came in, where that is known: a classic script can see itself. */
export function setScriptNonce(nonce: string | undefined): void {
  told = nonce || undefined
}

/**
 * The nonce that scripts must bear on this page, if any. Modules cannot see the element they came in; the scripts of a
 * page all bear the same nonce, so there any of them tells it.
 */
export function scriptNonce(): string | undefined {
  // The attribute itself reads as empty: browsers hide it from style sheets.
  return told ?? (ofPage('querySelector')?.<HTMLScriptElement>('script[nonce]')?.nonce || undefined)
}
