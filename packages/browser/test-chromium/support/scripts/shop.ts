/** The script of every page: loads the library and does what the test asks for. */
import { AnalyticsBrowser } from '@sluice/browser'
import type { Config } from '../config'

/** The page's side of a test. */
export interface Shop {
  /** Once the shop is open. */
  analytics: AnalyticsBrowser | undefined
  /** The settings have arrived, and the library is ready. */
  isLoaded: boolean
  /** The page has come back from the back/forward cache. */
  isBack: boolean
  open(): void
  /** Tracks an event of about 1 KB for each name. */
  track(names: readonly string[]): void
}

declare global {
  interface Window {
    shop: Shop
  }
}

/** Tests put elements on the page that hide what documents have. */
const configText = () => Document.prototype.querySelector.call(document, '#config')?.textContent ?? '{}'

const padding = 'x'.repeat(400)

const shop: Shop = {
  analytics: undefined,
  isLoaded: false,
  isBack: false,
  open() {
    const { settings, options }: Config = JSON.parse(configText())
    const analytics = AnalyticsBrowser.load(settings, options)
    shop.analytics = analytics
    void analytics.then(() => {
      shop.isLoaded = true
    })
  },
  track(names) {
    for (const name of names) void shop.analytics?.track(name, { padding })
  },
}
window.shop = shop
addEventListener('pageshow', ({ persisted }) => {
  shop.isBack = persisted
})

const query = new URLSearchParams(location.search)
if (!query.has('closed')) shop.open()
// For pages that no test can reach into.
shop.track(query.getAll('track'))
