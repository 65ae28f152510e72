import { AnalyticsBrowser } from '@sluice/browser'
import type { Order } from '../order'

/** Tracks what a page ordered. Answers what to tell the page: nothing when all went well. */
export async function followOrder({ settings, options, track }: Order): Promise<string | undefined> {
  const analytics = AnalyticsBrowser.load(settings, options)
  try {
    await Promise.all([analytics, analytics.track(track)])
    return undefined
  } catch (reason) {
    return String(reason)
  }
}
