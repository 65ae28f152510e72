import type { KeyValueStore, Outbox } from '@sluice/core/internal'

/** One unsent event as it is kept. */
export interface OutboxEntry {
  /** The event's `messageId`. */
  readonly id: string
  readonly json: string
}

/**
 * Stands before the text of an event that was accepted and has not been through the plugins yet. Without it, a text is
 * sent as it is.
 */
export const rawMark = 'raw:'

/**
 * Stands, with the time, before an entry that went along in a request of a page that was left, if no request of that page
 * had failed. It may have arrived: see `adopt`. Before `rawMark`, if there is one.
 */
export const leftMark = /^left:(\d+):/

const rawMarks = /^(?:left:\d+:)?raw:( *)/

/** Whether plugins have not seen the event of this text yet. */
export const isRaw = (text: string) => rawMarks.test(text)

/**
 * The same text, for one more attempt to bring its event through the plugins. Each leaves a blank behind the mark: so
 * pages know of attempts on other pages, and whoever reads the event need not.
 */
export const withAttempt = (text: string) => text.replace(rawMarks, '$& ')

/** How many attempts were made before the one for which this text was kept. */
export const attemptsBefore = (text: string) => rawMarks.exec(text)?.[1]?.length ?? 0

/** The event's own text, without any mark. */
export const withoutMark = (text: string) => text.replace(/^(left:\d+:)?(raw:)?/, '')

export interface BrowserOutboxOptions {
  readonly store: KeyValueStore
  /** Keeps the events of one source from those of others. */
  readonly writeKey: string
  /** Names this page; no other page, past or present, has the same. */
  readonly lane: string
  /** The lane holds no more than this, in characters of keys and values: storage counts them so. */
  readonly maxLength: number
  /** The lane, empty so far, is about to hold something: it has to be guarded from now on. */
  used?(): void
  /** The lane holds nothing any more. */
  emptied?(): void
  /** An entry had to go to make room for a newer one. */
  dropped(entry: OutboxEntry): void
}

/**
 * Unsent events in the page's storage: one key for each, so that pages cannot overwrite each other's, in a lane of this
 * page's own. What a page leaves behind when it dies, another takes over: see `adopt`.
 */
export interface BrowserOutbox
  extends Required<Outbox>,
    Pick<BrowserOutboxOptions, 'store' | 'writeKey' | 'lane'> {
  /** Before the names of lanes, in the keys of all entries of this source. */
  readonly root: string
  /** What was put here and not removed: its keys in storage, by id, in the order in which they were put. */
  readonly entries: ReadonlyMap<string, { readonly key: string }>
  /** Whether an entry is still in storage: while this page slept, another may have taken it over. */
  has(id: string): boolean
  /** A request of this page has failed. What leaves with the page from now on may not arrive either, and is not marked. */
  doubt(): void
}

export function createBrowserOutbox(options: BrowserOutboxOptions): BrowserOutbox {
  const { store, writeKey, lane, maxLength } = options
  const root = `sluice:outbox:v1:${encodeURIComponent(writeKey)}:`
  const entries = new Map<string, { readonly key: string; readonly length: number }>()
  let length = 0
  // All of the same length, so that keys sort as their entries were put.
  let number = 10_000_000
  let isInDoubt = false

  const drop = (id: string) => {
    const entry = entries.get(id)
    if (!entry) return
    entries.delete(id)
    length -= entry.length
    store.remove(entry.key)
  }

  return {
    store,
    writeKey,
    lane,
    root,
    entries,
    remove(id) {
      drop(id)
      if (entries.size === 0) options.emptied?.()
    },
    put(id, json) {
      // An event that is put again has changed: its newest text is the one to keep.
      const key = entries.get(id)?.key ?? `${root}${lane}:${number++}:${id}`
      const size = key.length + json.length
      if (size > maxLength) return false
      drop(id)
      for (const [oldest, { key }] of entries) {
        if (length + size <= maxLength) break
        const json = store.get(key)
        drop(oldest)
        if (json !== undefined) options.dropped({ id: oldest, json })
      }
      if (length === 0) options.used?.()
      if (!store.set(key, json)) return false
      entries.set(id, { key, length: size })
      length += size
      return true
    },
    left(id, now) {
      const key = entries.get(id)?.key ?? ''
      const text = store.get(key)
      // A page is left in several steps: the last one counts.
      if (text) store.set(key, (isInDoubt ? '' : `left:${now}:`) + text.replace(leftMark, ''))
    },
    has: (id) => store.get(entries.get(id)?.key ?? '') !== undefined,
    doubt() {
      isInDoubt = true
    },
  }
}
