import type { BrowserOutbox } from './outbox'

/**
 * A page that wakes up may miss events that it had kept. Another page has taken them over only if it has left a receipt
 * for the lane; otherwise somebody has deleted them, and they still have to be sent.
 */

/** No page sleeps for longer, in ms. */
const lifetimeMs = 86_400_000

/** More of them are not worth their room. */
const most = 100

const rootOf = (writeKey: string) => `sluice:taken:v1:${encodeURIComponent(writeKey)}:`

/** Leaves a receipt for that lane, and clears away those of which nobody will ask any more. */
export function leaveReceipt({ store, writeKey }: BrowserOutbox, lane: string, now: number): void {
  const root = rootOf(writeKey)
  const others = store.keys(root)
  for (const key of others) {
    const age = now - Number(store.get(key))
    if (others.length >= most || !(Math.abs(age) < lifetimeMs)) store.remove(key)
  }
  store.set(root + lane, String(now))
}

/** Whether another page has taken over this lane. The receipt is good for one answer. */
export function takeReceipt({ store, writeKey, lane }: BrowserOutbox): boolean {
  const key = rootOf(writeKey) + lane
  const isThere = store.get(key) !== undefined
  store.remove(key)
  return isThere
}
