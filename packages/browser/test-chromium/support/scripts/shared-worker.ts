/** A shared worker that tracks what the pages connected to it tell it to. */
import { AnalyticsBrowser } from '@sluice/browser'
import type { Order } from '../order'

addEventListener('connect', (event) => {
  const [port] = event instanceof MessageEvent ? event.ports : []
  port?.addEventListener('message', async ({ data }: MessageEvent<Order>) => {
    const analytics = AnalyticsBrowser.load(data.settings, data.options)
    await analytics.track(data.track)
    port.postMessage('done')
  })
  port?.start()
})
