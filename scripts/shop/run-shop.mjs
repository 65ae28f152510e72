/** The shop and its visitors, watched and counted. */
import { setTimeout as sleep } from 'node:timers/promises'
import { badWeather } from './bad-weather.mjs'
import { isComplete, printClosingTable } from './closing-table.mjs'
import { startTraffic } from './start-shop.mjs'

/**
 * @param {object} options
 * @param {import('./start-tracking-api.mjs').TrackingApi} options.api
 * @param {Awaited<ReturnType<typeof import('./start-shop.mjs').startShop>>} options.shop
 * @param {ReturnType<typeof import('./print-batch.mjs').createBatchPrinter>} options.printer
 * @param {(() => Promise<unknown>)[]} options.endings What is to be ended, last started first.
 * @param {boolean} options.once Close the shop in the end.
 * @param {string} options.visitors
 * @param {string} options.seed
 * @returns {Promise<boolean>} Whether every event arrived, and arrived once.
 */
export async function runShop({ api, shop, printer, endings, once, visitors, seed }) {
  await api.injectFaults(badWeather)
  console.log('Visitors come to the shop. Some requests fail on the way: 503, a connection that breaks, 429.')
  console.log('No event may be lost by it.\n')
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
  return isComplete(result)
}

/**
 * @param {number} tracked
 * @param {import('./start-tracking-api.mjs').TrackingApi} api
 */
async function untilArrived(tracked, api) {
  const givesUpAt = Date.now() + 90_000
  while (Date.now() < givesUpAt) {
    const { accepted, failed } = await api.readCounts()
    if (accepted + failed >= tracked) return
    await sleep(200)
  }
}
