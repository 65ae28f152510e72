/** How long `trackLink` and `trackForm` hold back a visitor who leaves: from the click to setting out, in ms. */

import { until } from '../../../scripts/lib/engines/engine.mjs'
import { openReady } from './ways.mjs'

/** What is clicked; the first two without `trackLink` or `trackForm`. */
const clicked = {
  'a link': '#link',
  'a form': '#form button',
  trackLink: '#tracked-link',
  trackForm: '#tracked-form button',
}

const clicks = 5

/** Clicks each some times, on a page that has had no answer of the Tracking API and on one that has. */
export async function measureHold(engine, world) {
  const rows = []
  for (const [what, selector] of Object.entries(clicked)) {
    for (const connection of ['cold', 'warm']) {
      const held = []
      for (let click = 0; click < clicks; click++) {
        world.forget()
        const visitor = await engine.newVisitor()
        try {
          const tab = await openReady(visitor, world, connection === 'warm')
          await tab.click(selector)
          await until(
            () => tab.evaluate('location.pathname === "/elsewhere"').catch(() => undefined),
            'the other site',
          )
          const next = await openReady(visitor, world)
          held.push(Number(await next.evaluate('localStorage.held')))
        } finally {
          await visitor.leave()
        }
      }
      held.sort((a, b) => a - b)
      rows.push({
        clicked: what,
        connection,
        median: Math.round(held[clicks >> 1]),
        longest: Math.round(held.at(-1)),
      })
    }
  }
  return rows
}
