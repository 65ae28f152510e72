/* global leaving */
import { AnalyticsBrowser } from 'library'

const padding = 'x'.repeat(400)
const analytics = AnalyticsBrowser.load(...leaving.given)

function track() {
  for (let number = 1; number <= leaving.count; number++) analytics.track(`Event ${number}`, { padding })
}

window.bench = {
  ready: async () => void (await analytics),
  track,
  navigate() {
    track()
    location.href = leaving.elsewhere
  },
}
document.querySelector('a').addEventListener('click', track)
document.querySelector('form').addEventListener('submit', track)
if (leaving.isQuick) window.bench.navigate()
