/** A shared worker that tracks what the pages connected to it tell it to. */
import type { Order } from '../order'
import { followOrder } from './follow-order'

addEventListener('connect', (event) => {
  const [port] = event instanceof MessageEvent ? event.ports : []
  port?.addEventListener('message', async ({ data }: MessageEvent<Order>) => {
    port.postMessage(await followOrder(data))
  })
  port?.start()
})
