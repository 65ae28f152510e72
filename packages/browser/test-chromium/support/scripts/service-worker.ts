/** A service worker that tracks what a page tells it to. */
import { AnalyticsBrowser } from '@sluice/browser'
import type { Order } from '../order'

addEventListener('message', (event) => {
  if (!(event instanceof MessageEvent) || !('waitUntil' in event)) return
  const [port] = event.ports
  const { settings, options, track }: Order = event.data
  const work = async () => {
    const analytics = AnalyticsBrowser.load(settings, options)
    await analytics.track(track)
    port?.postMessage('done')
  }
  // Without it the browser may end the worker in between.
  const waitUntil = event.waitUntil as (work: Promise<void>) => void
  waitUntil.call(event, work())
})
