/** Starts the browsers that this machine has, one for each engine. */
import { startChromium } from './chromium.mjs'
import { EngineMissing } from './engine.mjs'
import { startFirefox } from './firefox.mjs'
import { startWebKit } from './webkit.mjs'

export const starters = { Chromium: startChromium, Firefox: startFirefox, WebKit: startWebKit }

/**
 * Runs `use` in one browser after the other. Those that are missing are passed over with a word.
 * @param {(keyof typeof starters)[]} names
 * @param {(text: string) => void} say
 * @param {(engine: import('./engine.mjs').Engine) => Promise<void>} use
 */
export async function withEngines(names, say, use) {
  for (const name of names) {
    const engine = await starters[name]().catch((reason) => {
      if (!(reason instanceof EngineMissing)) throw reason
      say(`${name} is left out: ${reason.message}.`)
    })
    if (!engine) continue
    try {
      await use(engine)
    } finally {
      await engine.close()
    }
  }
}
