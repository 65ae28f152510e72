/**
 * How often each library reads and writes `localStorage` and cookies, from the call until its event is delivered.
 * `npm run browser-storage [-- --sources]`
 */
import { countStorage } from './browser/count-storage.mjs'
import { openPage } from './browser/open-page.mjs'
import { run } from './browser/run.mjs'
import { round } from './browser/statistics.mjs'
import { libraries } from './browser/subjects.mjs'

const repeats = 10

/** Calls by what they are called here, each with the number of the repetition. */
const calls = {
  'track, nothing new': (number) => window.bench.track(number),
  'page, nothing new': () => window.bench.page(),
  'identify, the same': () => window.bench.identify('pro'),
  'identify, new traits': (number) => window.bench.identify(`plan ${number}`),
}

await run('Storage operations', async (bench) => {
  for (const library of libraries) {
    const rows = {}
    const page = await openPage(bench, 'steady', library, (opened) => opened.addInitScript(countStorage))
    rows['load, first visit'] = await settledCounts(page)
    await page.reload()
    await page.waitForFunction(() => 'bench' in window)
    await page.evaluate(() => window.bench.ready())
    rows['load, second visit'] = await settledCounts(page)
    await page.evaluate(() => window.bench.identify('pro'))
    for (const [name, call] of Object.entries(calls)) {
      // The first of its kind may have something to renew.
      await page.evaluate(call, -1)
      await settledCounts(page)
      for (let number = 0; number < repeats; number++) await page.evaluate(call, number)
      const counts = Object.entries(await settledCounts(page))
      rows[name] = Object.fromEntries(counts.map(([kind, count]) => [kind, round(count / repeats, 1)]))
    }
    await page.context().close()
    console.log(`\n${library}`)
    console.table(Object.fromEntries(Object.entries(rows).map(([name, counts]) => [name, readable(counts)])))
  }
})

/** Once nothing has been going on for a while. */
async function settledCounts(page) {
  await page.waitForTimeout(700)
  return page.evaluate(() => window.takeCounts())
}

function readable({ localReads, localWrites, listings, cookieReads, cookieWrites }) {
  return {
    'localStorage reads': localReads,
    writes: localWrites,
    'lists of keys': listings,
    'cookie reads': cookieReads,
    'cookie writes': cookieWrites,
    'all reads': round(localReads + listings + cookieReads, 1),
    'all writes': round(localWrites + cookieWrites, 1),
  }
}
