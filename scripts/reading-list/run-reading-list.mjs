/** The reading list and one reader, watched and counted. */
import { bringChromium, chromiumVersion } from '../lib/chromium.mjs'
import { printHead } from '../print-arrival.mjs'
import { printVisit } from './print-visit.mjs'

/** What goes wrong on the way while the reader is there. No event may be lost by it. */
const badWeather = [
  { kind: 'latency', ms: 0, times: 4 },
  { kind: 'status', status: 503, times: 1 },
  { kind: 'latency', ms: 0, times: 4 },
  { kind: 'reset', times: 1 },
]

/**
 * @param {object} options
 * @param {string} options.site Where the reading list is served.
 * @param {import('../shop/start-tracking-api.mjs').TrackingApi} options.api
 * @returns {Promise<boolean>} Whether every event arrived, and arrived once.
 */
export async function runReadingList({ site, api }) {
  const chromium = await findChromium()
  if (!chromium) return false

  // Loaded only now: it needs what the installation has just brought.
  const { visitReadingList } = await import('./visit-reading-list.mjs')
  await api.injectFaults(badWeather)
  console.log(
    `\nA reader comes to the reading list, in ${await chromiumVersion(chromium)}. A request gets 503,`,
  )
  console.log('a connection breaks, and once the page is left in the middle of it.\n')
  printHead()
  const comparison = await visitReadingList({ site, trackingApi: api.url, chromium })
  printVisit(comparison)
  return comparison.missing.length === 0 && comparison.surplus.length === 0
}

/** @returns {Promise<string | undefined>} The browser's path. Says what to do when there is none. */
async function findChromium() {
  try {
    return await bringChromium((text) => console.log(`\n${text}`))
  } catch (cause) {
    console.log(`\nNo reader came to the reading list. ${cause instanceof Error ? cause.message : cause}`)
    return undefined
  }
}
