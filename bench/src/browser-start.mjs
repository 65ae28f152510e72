/**
 * How long it takes from the start of the navigation until the server has the first event of a page that tracks one at
 * once, in ms: medians. The CDN takes 50 ms to answer; all else answers at once, and then takes 50 ms as well. `npm run browser-start -- [runs] [--sources]`
 */
import { bundle } from './browser/bundle.mjs'
import { run } from './browser/run.mjs'
import { median, quantile, ratio, round } from './browser/statistics.mjs'
import { libraries, ours, peer } from './browser/subjects.mjs'

const runs = Number(process.argv.slice(2).find((given) => /^\d+$/.test(given)) ?? 20)
const kept = 'public, max-age=600'

await run('From navigation to first event', async ({ site, browser }) => {
  const bundles = new Map()
  for (const library of libraries) bundles.set(library, await bundle('first-event', library))
  site.behaviour.cdnDelayMs = 50

  for (const latencyMs of [0, 50]) {
    site.behaviour.latencyMs = latencyMs
    console.log(`\nevery answer but that of the CDN takes ${latencyMs} ms`)
    console.table(await measure())
  }

  async function measure() {
    const times = new Map(libraries.map((library) => [library, {}]))
    for (let number = 0; number < runs; number++) {
      for (const library of libraries) {
        site.behaviour.bundle = bundles.get(library)
        for (const [visit, ms] of Object.entries(await visitor())) {
          times.get(library)[visit] ??= []
          times.get(library)[visit].push(ms)
        }
      }
    }

    const visits = Object.keys(times.get(ours))
    const rows = visits.map((visit) => {
      const [theirs, own] = [peer, ours].map((library) => times.get(library)[visit])
      return [
        visit,
        {
          [peer]: round(median(theirs)),
          'p25–p75': middle(theirs),
          [ours]: round(median(own)),
          'p25–p75 ': middle(own),
          'ours × peer': ratio(median(own), median(theirs)),
        },
      ]
    })
    return Object.fromEntries(rows)
  }

  /** One visitor, who comes again and again. */
  async function visitor() {
    const context = await browser.newContext()
    const visit = (page) => timeVisit(context, page)
    site.behaviour.cacheControl = 'no-cache'
    const figures = {
      'first visit': await visit(forgetStorage),
      'scripts in the HTTP cache, storage empty': await visit(),
      'second visit': await visit(),
    }
    site.behaviour.cacheControl = kept
    await visit()
    figures['second visit, the CDN lets the settings be cached'] = await visit()
    await context.close()
    return figures
  }

  async function timeVisit(context, before = async () => {}) {
    site.disconnect()
    site.forget()
    const page = await context.newPage()
    await page.goto(site.url, { waitUntil: 'commit' })
    const log = await site.until('event')
    const at = (wanted) => log.find(({ kind }) => kind === wanted).at
    // The server's own clock, and how long the page took to ask it: clocks of two processes need not agree.
    const requestStart = await page.evaluate(() => performance.getEntriesByType('navigation')[0].requestStart)
    const ms = requestStart + at('event') - at('page')
    // What came with the answers is kept by then.
    await page.waitForTimeout(200)
    await before(page)
    await page.close()
    return ms
  }
})

function forgetStorage(page) {
  return page.evaluate(() => localStorage.clear())
}

function middle(numbers) {
  return `${round(quantile(numbers, 0.25))}–${round(quantile(numbers, 0.75))}`
}
