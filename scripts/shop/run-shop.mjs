/** The shop, its visitors and the Tracking API: started, watched, counted and ended. */
import { setTimeout as sleep } from 'node:timers/promises'
import { badWeather } from './bad-weather.mjs'
import { isComplete, printClosingTable } from './closing-table.mjs'
import { createBatchPrinter } from './print-batch.mjs'
import { startShop, startTraffic } from './start-shop.mjs'
import { startTrackingApi } from './start-tracking-api.mjs'
import { startWiretap } from './wiretap.mjs'

/**
 * @typedef {object} ShopRun
 * @property {boolean} once End after the table.
 * @property {string} visitors
 * @property {string} seed
 */

/**
 * @param {ShopRun} settings
 * @returns {Promise<number>} The exit status.
 */
export async function runShop({ once, visitors, seed }) {
  const interrupted = whenInterrupted()
  /** What is to be ended, last started first. @type {(() => Promise<unknown>)[]} */
  const endings = []
  try {
    const work = async () => {
      const printer = createBatchPrinter()
      const api = await startTrackingApi()
      endings.unshift(api.close)
      await api.injectFaults(badWeather)
      const wiretap = await startWiretap(api.url, printer.print)
      endings.unshift(wiretap.close)
      const shop = await startShop(wiretap.url)
      endings.unshift(shop.end)
      console.log(`Tracking API  ${api.url}\nShop          ${shop.url}\n`)
      console.log(
        'Some requests fail on the way: 503, a connection that breaks, 429. No event may be lost by it.\n',
      )

      const traffic = startTraffic(shop.url, { visitors, seed })
      endings.unshift(traffic.end)
      printer.printHead()
      await traffic.done

      const { tracked } = await shop.readStats()
      // Ending the shop is how its last events get out; a shop that stays open sends them in its own time.
      if (once) await shop.end()
      else await untilArrived(tracked, api)
      const result = { tracked, counts: await api.readCounts(), retries: printer.retries() }
      printClosingTable(result)
      if (once) return isComplete(result) ? 0 : 1

      console.log(`\nThe shop is still open at ${shop.url}`)
      console.log(`What it tells arrives at ${api.url}; its counts are at ${api.url}/api/counts`)
      console.log('Ctrl-C ends both.\n')
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

/**
 * @param {number} tracked
 * @param {import('./start-tracking-api.mjs').TrackingApi} api
 */
async function untilArrived(tracked, api) {
  const givesUpAt = Date.now() + 30_000
  while (Date.now() < givesUpAt) {
    const { accepted, failed } = await api.readCounts()
    if (accepted + failed >= tracked) return
    await sleep(200)
  }
}
