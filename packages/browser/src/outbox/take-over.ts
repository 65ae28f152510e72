import type { BrowserOutbox, OutboxEntry } from './outbox'
import { withAttempt } from './outbox'

/** The lanes of other pages that hold something. */
export function otherLanes({ store, root, lane }: BrowserOutbox): string[] {
  const lanes = store.keys(root).map((key) => key.slice(root.length).split(':', 1)[0] ?? '')
  return [...new Set(lanes)].filter((other) => other !== lane)
}

/**
 * Moves everything in that lane into that of `outbox` and answers it, the oldest first. What storage does not take back
 * is answered all the same, and is then in memory alone.
 */
export function takeOver(outbox: BrowserOutbox, lane: string): OutboxEntry[] {
  const { store, root, entries, put } = outbox
  const prefix = `${root}${lane}:`
  const taken: OutboxEntry[] = []
  const onlyInMemory = new Set<string>()
  for (const key of store.keys(prefix).sort()) {
    const text = store.get(key)
    const json = text && withAttempt(text)
    const id = key.slice(key.indexOf(':', prefix.length) + 1)
    const isNew = json !== undefined && !entries.has(id)
    // First under our name, then no longer under theirs: whoever dies in between loses nothing.
    const isKept = isNew && put(id, json)
    store.remove(key)
    if (!isNew) continue
    taken.push({ id, json })
    // Storage that has no room for both copies may have room for one.
    if (!isKept && !put(id, json)) onlyInMemory.add(id)
  }
  // To make room for the later ones, earlier ones may have had to go; that was told.
  return taken.filter(({ id }) => entries.has(id) || onlyInMemory.has(id))
}
