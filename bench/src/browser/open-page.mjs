import { bundle } from './bundle.mjs'

/** A new visitor opens `pages/<name>.js` with a library, and the client of that page is complete. */
export async function openPage({ site, browser }, name, library, prepare = async () => {}, options = {}) {
  site.behaviour.bundle = await bundle(name, library, options)
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
