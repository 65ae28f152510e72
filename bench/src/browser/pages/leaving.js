/* global leaving */
import { AnalyticsBrowser } from 'library'

const padding = 'x'.repeat(400)
const analytics = AnalyticsBrowser.load(...leaving.given)
const element = (selector) => document.querySelector(selector)

function track() {
  for (const name of leaving.names) analytics.track(name, { padding })
}

window.bench = {
  ready: async () => void (await analytics),
  track,
  /** Something that has nothing to do with leaving. */
  say: (name) => void analytics.track(name),
  navigate() {
    track()
    location.href = leaving.elsewhere
  },
}
for (const selector of ['#link', '#onward']) element(selector).addEventListener('click', track)
element('#form').addEventListener('submit', track)

// How long a visitor who wants to leave is held back.
let clickedAt
addEventListener('click', () => (clickedAt = performance.now()), true)
addEventListener('beforeunload', () => {
  if (clickedAt !== undefined) localStorage.held = performance.now() - clickedAt
})
void analytics.trackLink(element('#tracked-link'), 'Link')
void analytics.trackForm(element('#tracked-form'), 'Form')

if (leaving.isQuick) window.bench.navigate()
