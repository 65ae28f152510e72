import type { KeyValueStore, Outbox } from '@sluice/core/internal'

/** One unsent event as it is kept. */
export interface OutboxEntry {
  /** The event's `messageId`. */
  readonly id: string
  readonly json: string
}

export interface BrowserOutboxOptions {
  readonly store: KeyValueStore
  /** Keeps the events of one source from those of others. */
  readonly writeKey: string
  /** Names this page; no other page, past or present, has the same. */
  readonly lane: string
  /** The lane holds no more than this, in characters of keys and values: storage counts them so. */
  readonly maxLength: number
  /** An entry had to go to make room for a newer one. */
  dropped(entry: OutboxEntry): void
}

/**
 * Unsent events in the page's storage: one key for each, so that pages cannot overwrite each other's, in a lane of this
 * page's own. What a page leaves behind when it dies, another takes over.
 */
export interface BrowserOutbox extends Outbox {
  /** Whether the entry is still there: while this page slept, another may have taken it over. */
  has(id: string): boolean
  /** The lanes of other pages that hold something. */
  otherLanes(): string[]
  /**
   * Moves everything in that lane into this one and answers it, the oldest first. What storage does not take back is
   * answered all the same, and is then in memory alone.
   */
  takeOver(lane: string): OutboxEntry[]
}

export function createBrowserOutbox(options: BrowserOutboxOptions): BrowserOutbox {
  const { store, lane, maxLength } = options
  const root = `sluice:outbox:v1:${encodeURIComponent(options.writeKey)}:`
  // By id, in the order in which they were put.
  const held = new Map<string, { readonly key: string; readonly length: number }>()
  let length = 0
  let next = 0

  const forget = (id: string) => {
    const entry = held.get(id)
    if (!entry) return
    held.delete(id)
    length -= entry.length
    store.remove(entry.key)
  }

  const dropOldest = () => {
    for (const [id, { key }] of held) {
      const json = store.get(key)
      forget(id)
      if (json !== undefined) options.dropped({ id, json })
      return
    }
  }

  const put = (id: string, json: string) => {
    // An event that is put again has changed: its newest text is the one to keep.
    const key = held.get(id)?.key ?? `${root}${lane}:${sequence(next++)}:${id}`
    const size = key.length + json.length
    if (size > maxLength) return false
    forget(id)
    while (length + size > maxLength) dropOldest()
    if (!store.set(key, json)) return false
    held.set(id, { key, length: size })
    length += size
    return true
  }

  return {
    put,
    remove: forget,
    has(id) {
      const entry = held.get(id)
      return entry !== undefined && store.get(entry.key) !== undefined
    },
    otherLanes() {
      const lanes = store.keys(root).map((key) => key.slice(root.length).split(':', 1)[0] ?? '')
      return [...new Set(lanes)].filter((other) => other !== lane)
    },
    takeOver(other) {
      const prefix = `${root}${other}:`
      const taken: OutboxEntry[] = []
      const onlyInMemory = new Set<string>()
      for (const key of store.keys(prefix).sort()) {
        const json = store.get(key)
        const id = key.slice(prefix.length + sequenceLength + 1)
        const isNew = json !== undefined && !held.has(id)
        // First under our name, then no longer under theirs: whoever dies in between loses nothing.
        const isKept = isNew && put(id, json)
        store.remove(key)
        if (!isNew) continue
        taken.push({ id, json })
        // Storage that has no room for both copies may have room for one.
        if (!isKept && !put(id, json)) onlyInMemory.add(id)
      }
      // To make room for the later ones, earlier ones may have had to go; that was told.
      return taken.filter(({ id }) => held.has(id) || onlyInMemory.has(id))
    },
  }
}

const sequenceLength = 8

/** Numbers whose order as text is their order. */
function sequence(number: number): string {
  return number.toString(36).padStart(sequenceLength, '0')
}
