import { isFunction } from '@sluice/core'
import { hostClock, hostRandomness } from '@sluice/core/internal'
import { createPageLifecycle, type PageLifecycle } from './adapters/page-lifecycle'
import type { InitOptions } from './options'
import { createLockGuard, type LaneGuard } from './outbox/lane-guard'
import { createLeaseGuard } from './outbox/lease-guard'
import { type BrowserOutbox, createBrowserOutbox, type OutboxEntry } from './outbox/outbox'
import { guarded } from './storage/guarded'
import { createLocalStore } from './storage/local-store'

/** What keeps the events of this page, and keeps other pages from taking them while it lives. */
export interface PageOutbox {
  readonly outbox: BrowserOutbox
  readonly guard: LaneGuard
  readonly lifecycle: PageLifecycle
  /** Hears of events that had to make room for newer ones. */
  dropped?: (entry: OutboxEntry) => void
}

/** What a source may keep on a page's device, in characters: browsers give each site 5 million. */
const maxLength = 2_000_000

export function createPageOutbox(
  writeKey: string,
  { store = createLocalStore(), disableClientPersistence }: InitOptions,
): PageOutbox {
  const lane = hostRandomness.uuid()
  const prefix = `sluice:lane:v1:${encodeURIComponent(writeKey)}:`
  const locks = guarded(() => globalThis.navigator?.locks)
  const isUsed = () => outbox.entries.size > 0
  const guard: LaneGuard = isFunction(locks?.request)
    ? createLockGuard(locks, prefix, lane)
    : createLeaseGuard({ store, clock: hostClock, prefix, lane, isUsed })
  const outbox = createBrowserOutbox({
    store,
    writeKey,
    lane,
    maxLength: disableClientPersistence ? 0 : maxLength,
    used: guard.hold,
    emptied: guard.letGo,
    dropped: (entry) => page.dropped?.(entry),
  })
  const lifecycle = createPageLifecycle()
  const page: PageOutbox = { outbox, guard, lifecycle }
  // A page that holds on to its lane cannot sleep in the back/forward cache.
  lifecycle.onGone(guard.release)
  lifecycle.onReturn(() => {
    guard.wake()
    if (isUsed()) guard.hold()
  })
  return page
}
