/** Sends a reader through the reading list, in a headless Chromium, and says what came of it. */
import { setTimeout as sleep } from 'node:timers/promises'
import { expected, visit } from '../../examples/web-bundler/visit.js'
import { chromiumFlags } from '../lib/chromium.mjs'
import { compareArrivals } from './compare-arrivals.mjs'

/**
 * @typedef {import('./compare-arrivals.mjs').ArrivedEvent} ArrivedEvent
 * @typedef {import('./compare-arrivals.mjs').Comparison} Comparison
 */

/** Longest wait for what must come, in ms. */
const patienceMs = 60_000

/** Nothing more may come after the last event has: a second copy would be close behind. */
const silenceMs = 300

/**
 * @param {object} options
 * @param {string} options.site
 * @param {string} options.trackingApi
 * @param {string} options.chromium Path of the browser.
 * @returns {Promise<Comparison>}
 */
export async function visitReadingList({ site, trackingApi, chromium }) {
  const readEvents = async () => {
    const response = await fetch(`${trackingApi}/api/events?writeKey=reading-list&limit=1000`)
    const { events } = /** @type {{ events: ArrivedEvent[] }} */ (await response.json())
    return events
  }
  await visit({
    site,
    executablePath: chromium,
    args: chromiumFlags,

    async beforeConsent() {
      const { length } = await readEvents()
      if (length > 0) throw new Error(`${length} events were sent before the reader agreed`)
    },

    async beforeEnd() {
      const givesUpAt = Date.now() + patienceMs
      while ((await readEvents()).length < expected.length && Date.now() < givesUpAt) await sleep(100)
      await sleep(silenceMs)
    },
  })
  return compareArrivals(await readEvents(), expected)
}
