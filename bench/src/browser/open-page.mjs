import { bundle } from './bundle.mjs'

const bundles = new Map()

/** A new visitor opens `pages/<name>.js` with a library, and the client of that page is complete. */
export async function openPage({ site, browser }, name, library, prepare = async () => {}, options = {}) {
  const key = JSON.stringify([name, library, options])
  // Once: somebody may build the library meanwhile.
  if (!bundles.has(key)) bundles.set(key, await bundle(name, library, options))
  site.behaviour.bundle = bundles.get(key)
  site.forget()
  const context = await browser.newContext()
  const page = await context.newPage()
  page.on('pageerror', (error) => console.error(`${library ?? name}: ${error}`))
  await prepare(page)
  await page.goto(site.url)
  await page.waitForFunction(() => 'bench' in window)
  await page.evaluate(() => window.bench.ready?.())
  return page
}
