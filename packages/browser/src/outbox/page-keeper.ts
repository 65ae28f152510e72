import { hostClock, hostRandomness } from '@sluice/core/internal'
import type { Analytics } from '../analytics'
import { createLocalStore } from '../storage/local-store'
import { createKeeper, type Keeper } from './keeper'
import { createLockGuard, type LaneGuard } from './lane-guard'
import { createLeaseGuard } from './lease-guard'
import { createBrowserOutbox } from './outbox'

/** What a source may keep on a page's device, in characters: browsers give each site 5 million. */
const maxLength = 2_000_000

/** Keeps the events of this page where other pages leave them alone while it lives. */
export function createPageKeeper(analytics: Analytics): Keeper {
  const { writeKey } = analytics.settings
  const { store = createLocalStore(), disableClientPersistence } = analytics.options
  const lane = hostRandomness.uuid()
  const prefix = `sluice:lane:v1:${encodeURIComponent(writeKey)}:`
  const locks = globalThis.navigator?.locks
  const guard: LaneGuard = locks
    ? createLockGuard(locks, prefix, lane)
    : createLeaseGuard({ store, clock: hostClock, prefix, lane, isUsed: () => outbox.entries.size > 0 })
  const outbox = createBrowserOutbox({
    store,
    writeKey,
    lane,
    maxLength: disableClientPersistence ? 0 : maxLength,
    used: guard.hold,
    dropped({ id }) {
      analytics.emit('error', { code: 'outbox_full', reason: new Error(`No room to keep event ${id}`) })
    },
  })
  return createKeeper(outbox, guard)
}
