/** A worker that tracks what it is told to. */
import type { Order } from '../order'
import { followOrder } from './follow-order'

addEventListener('message', async ({ data }: MessageEvent<Order>) => {
  postMessage(await followOrder(data))
})
