/**
 * Bytes of a page that loads the library and tracks one event: those that it needs to begin, each file that is loaded
 * later, and all that it asks for until its first event leaves. `npm run browser-size [-- --sources]`
 */
import { bundle, sizeOf } from './browser/bundle.mjs'
import { run } from './browser/run.mjs'
import { ratio } from './browser/statistics.mjs'
import { libraries, ours, peer } from './browser/subjects.mjs'

await run('Bytes of load and track', async ({ site, browser }) => {
  const totals = {}
  for (const library of libraries) {
    const { files, initial, ...built } = await bundle('first-event', library)
    const sizes = (names) => sizeOf(names.map((name) => files.get(name)))

    site.behaviour.bundle = { files, initial, ...built }
    site.forget()
    const page = await browser.newPage()
    await page.goto(site.url)
    const log = await site.until('event')
    const firstEvent = log.findIndex(({ kind }) => kind === 'event')
    const scripts = log.slice(0, firstEvent).filter(({ kind }) => kind === 'script')
    const asked = [...new Set(scripts.map(({ pathname }) => pathname.slice('/scripts/'.length)))]
    await page.close()

    totals[library] = { initial: sizes(initial), firstEvent: sizes(asked) }
    const later = [...files.keys()].filter((name) => !initial.includes(name))
    const rows = [
      ['to begin with', { files: initial.length, ...sizes(initial) }],
      ['all until the first event', { files: asked.length, ...sizes(asked) }],
      ...later
        .map((name) => [
          `later: ${built.describe(name)}`,
          { ...sizes([name]), 'for the first event': asked.includes(name) ? 'yes' : '' },
        ])
        .sort(([, a], [, b]) => b.gzip - a.gzip),
    ]
    console.log(`\n${library}`)
    console.table(Object.fromEntries(rows))
  }
  const compare = (part, way) => ratio(totals[ours][part][way], totals[peer][part][way])
  console.log('\nours × peer')
  console.table({
    'to begin with': { gzip: compare('initial', 'gzip'), brotli: compare('initial', 'brotli') },
    'all until the first event': {
      gzip: compare('firstEvent', 'gzip'),
      brotli: compare('firstEvent', 'brotli'),
    },
  })
})
