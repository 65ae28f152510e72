/**
 * Three browsers behind one interface, for what has to hold in each engine.
 *
 * @typedef {object} Engine
 * @property {'Chromium' | 'Firefox' | 'WebKit'} name
 * @property {string} version
 * @property {() => Promise<Visitor>} newVisitor Somebody new: no cookies, nothing in storage, no connections.
 * @property {() => Promise<void>} close
 *
 * @typedef {object} Visitor
 * @property {(url: string) => Promise<Tab>} open
 * @property {() => Promise<void>} leave Closes all tabs and forgets everything.
 *
 * @typedef {object} Tab
 * @property {(url: string) => Promise<void>} goTo
 * @property {(code: string) => Promise<unknown>} evaluate The value of an expression; a promise is waited for.
 * @property {(selector: string) => Promise<void>} click With the mouse, as a visitor does.
 * @property {() => Promise<void>} reload
 * @property {() => Promise<void>} close
 * @property {(() => Promise<void>) | undefined} hide Nobody sees it any more.
 * @property {(() => Promise<void>) | undefined} kill Ends its process on the spot.
 */

/** A browser that this machine does not have, with what to do about it. */
export class EngineMissing extends Error {}

/**
 * Waits until `look` answers something.
 * @template Found
 * @param {() => Found | undefined | Promise<Found | undefined>} look
 * @param {string} what
 * @param {number} [patienceMs]
 * @returns {Promise<Found>}
 */
export async function until(look, what, patienceMs = 20_000) {
  const end = performance.now() + patienceMs
  for (;;) {
    const found = await look()
    if (found !== undefined && found !== false) return found
    if (performance.now() > end) throw new Error(`Waited in vain for ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
