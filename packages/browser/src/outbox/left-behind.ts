import type { BrowserOutbox } from './outbox'

/**
 * Whether storage holds anything of an earlier page or of another tab, ours or Segment's. A look at its keys is enough
 * to save most pages from loading what it takes to adopt it.
 */
export function isAnythingLeft({ store, root, lane, writeKey }: BrowserOutbox, apiKey: string): boolean {
  const queues = [`${apiKey}:dest-Segment.io`, `${writeKey}:event-queue`]
  return (
    store.keys(root).some((key) => !key.startsWith(`${root}${lane}:`)) ||
    queues.some((name) => store.get(`persisted-queue:v1:${name}:items`))
  )
}
