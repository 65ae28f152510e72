/** A service worker that tracks what a page tells it to. */
import type { Order } from '../order'
import { followOrder } from './follow-order'

/** The part of `ExtendableMessageEvent` that is used; the types of pages do not know it. */
interface ExtendableMessageEvent {
  readonly data: Order
  readonly ports: readonly MessagePort[]
  /** The browser may end a worker that has nothing to wait for. */
  waitUntil(work: Promise<void>): void
}

const isMessage = (event: object): event is ExtendableMessageEvent => 'waitUntil' in event && 'data' in event

addEventListener('message', (event) => {
  if (!isMessage(event)) return
  const { data, ports } = event
  event.waitUntil(followOrder(data).then((failure) => ports[0]?.postMessage(failure)))
})
