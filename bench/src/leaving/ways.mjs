/** The ways in which visitors leave a page right after something was tracked on it. */

import { until } from '../../../scripts/lib/engines/engine.mjs'

/**
 * Each takes a visitor and a world, and leaves nothing of the page behind. `isWarm` if the page has had an answer of the
 * Tracking API before. Returns the tab of the next page if the visitor stays on the site.
 */
export const ways = {
  link: async (visitor, world, isWarm) => {
    const tab = await openReady(visitor, world, isWarm)
    await tab.click('#link')
  },
  // To another page of the site, which has the library, too.
  onward: async (visitor, world, isWarm) => {
    const tab = await openReady(visitor, world, isWarm)
    await tab.click('#onward')
    await until(() => tab.evaluate('location.pathname === "/onward"').catch(() => undefined), 'the next page')
    return tab
  },
  navigation: async (visitor, world, isWarm) => {
    const tab = await openReady(visitor, world, isWarm)
    await tab.evaluate('void bench.navigate()')
  },
  // In the task in which the library was loaded.
  quick: async (visitor, world, isWarm) => {
    if (isWarm) await openReady(visitor, world, isWarm)
    await visitor.open(`${world.url}/quick`)
  },
  close: async (visitor, world, isWarm) => {
    const tab = await openReady(visitor, world, isWarm)
    await tab.evaluate('void bench.track()')
    await tab.close()
  },
  form: async (visitor, world, isWarm) => {
    const tab = await openReady(visitor, world, isWarm)
    await tab.click('#form button')
  },
  // As phones do.
  hidden: async (visitor, world, isWarm) => {
    const tab = await openReady(visitor, world, isWarm)
    if (!tab.hide) return 'no way to hide a tab here'
    await tab.evaluate('void bench.track()')
    await tab.hide?.()
    await tab.kill?.()
  },
}

/** Opens the page, and waits until its client is complete; and, if it is to be warm, until it has had an answer. */
export async function openReady(visitor, world, isWarm = false) {
  const tab = await visitor.open(world.url)
  await untilReady(tab)
  if (isWarm) {
    await tab.evaluate('void bench.say("Before")')
    await until(() => world.hasAnswered('Before'), 'an answer')
  }
  return tab
}

export async function untilReady(tab) {
  await until(async () => (await tab.evaluate('"bench" in window')) || undefined, 'the script of the page')
  await tab.evaluate('bench.ready()')
}
