/** The examples and the Tracking API that they tell: started, watched, counted and ended. */
import { freePort } from './lib/free-port.mjs'
import { printArrival } from './print-arrival.mjs'
import { runReadingList } from './reading-list/run-reading-list.mjs'
import { serveSite } from './reading-list/serve-site.mjs'
import { createBatchPrinter } from './shop/print-batch.mjs'
import { runShop } from './shop/run-shop.mjs'
import { startShop } from './shop/start-shop.mjs'
import { startTrackingApi } from './shop/start-tracking-api.mjs'
import { startWiretap } from './shop/wiretap.mjs'

/**
 * @typedef {object} ExamplesRun
 * @property {boolean} once End after the tables.
 * @property {string} visitors Of the shop.
 * @property {string} seed
 */

const usualSitePort = 3001

/**
 * @param {ExamplesRun} settings
 * @returns {Promise<number>} The exit status.
 */
export async function runExamples({ once, visitors, seed }) {
  const interrupted = whenInterrupted()
  /** What is to be ended, last started first. @type {(() => Promise<unknown>)[]} */
  const endings = []
  try {
    const work = async () => {
      const printer = createBatchPrinter()
      const api = await startTrackingApi()
      endings.unshift(api.close)
      api.onArrival(printArrival)
      const wiretap = await startWiretap(api.url, printer.print)
      endings.unshift(wiretap.close)
      const shop = await startShop(wiretap.url)
      endings.unshift(shop.end)
      const site = await serveSite({ port: await freePort(usualSitePort), trackingApi: api.url })
      endings.unshift(site.close)
      console.log(`Tracking API  ${api.url}\nShop          ${shop.url}\nReading list  ${site.url}\n`)

      const isShopComplete = await runShop({ api, shop, printer, endings, once, visitors, seed })
      await api.clearFaults()
      const isListComplete = await runReadingList({ site: site.url, api })
      await api.clearFaults()
      if (once) return isShopComplete && isListComplete ? 0 : 1

      console.log(`\nThe shop is still open at ${shop.url}, the reading list at ${site.url}`)
      console.log(`What they tell arrives at ${api.url}, and is printed here. Look around in them, and see.`)
      console.log('Ctrl-C ends all of it.\n')
      await interrupted
      return 0
    }
    return await Promise.race([work(), interrupted.then(() => (once ? 1 : 0))])
  } catch (cause) {
    console.error(cause instanceof Error ? cause.message : cause)
    return 1
  } finally {
    for (const end of endings) await end()
  }
}

/** @returns {Promise<void>} Stays pending while nobody asks us to end. */
function whenInterrupted() {
  return new Promise((resolve) => {
    // Kept for good: a second Ctrl-C must not end us before the shop has sent what it holds.
    for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => resolve())
  })
}
