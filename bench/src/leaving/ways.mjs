/** The ways in which visitors leave a page right after something was tracked on it. */

import { until } from '../../../scripts/lib/engines/engine.mjs'

/** Each takes a visitor and the address of the page, and leaves nothing of the page behind. */
export const ways = {
  link: async (visitor, url) => {
    const tab = await openReady(visitor, url)
    await tab.click('a')
  },
  navigation: async (visitor, url) => {
    const tab = await openReady(visitor, url)
    await tab.evaluate('void bench.navigate()')
  },
  // In the task in which the library was loaded.
  quick: async (visitor, url) => void (await visitor.open(`${url}/quick`)),
  close: async (visitor, url) => {
    const tab = await openReady(visitor, url)
    await tab.evaluate('void bench.track()')
    await tab.close()
  },
  form: async (visitor, url) => {
    const tab = await openReady(visitor, url)
    await tab.click('button')
  },
  // As phones do.
  hidden: async (visitor, url) => {
    const tab = await openReady(visitor, url)
    if (!tab.hide) return 'no way to hide a tab here'
    await tab.evaluate('void bench.track()')
    await tab.hide?.()
    await tab.kill?.()
  },
}

/** Opens the page, and waits until its client is complete. */
export async function openReady(visitor, url) {
  const tab = await visitor.open(url)
  await until(async () => (await tab.evaluate('"bench" in window')) || undefined, 'the script of the page')
  await tab.evaluate('bench.ready()')
  return tab
}
