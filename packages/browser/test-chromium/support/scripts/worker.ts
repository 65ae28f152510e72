/** A worker that tracks what it is told to. */
import { AnalyticsBrowser } from '@sluice/browser'
import type { Order } from '../order'

addEventListener('message', async ({ data }: MessageEvent<Order>) => {
  const analytics = AnalyticsBrowser.load(data.settings, data.options)
  await analytics.track(data.track)
  postMessage('done')
})
