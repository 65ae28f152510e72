import type { Clock, KeyValueStore } from '@sluice/core/internal'
import type { LeaseGuard } from './lane-guard'

export interface LeaseGuardOptions {
  readonly store: KeyValueStore
  readonly clock: Clock
  /** Before the lane's name, in the keys of leases. */
  readonly prefix: string
  readonly lane: string
  /** Whether the lane holds anything: an empty one needs no lease, and no timer to renew it. */
  isUsed(): boolean
}

/** A lease is good for so long, in ms; a page whose timers are throttled renews it every minute at the latest. */
const leaseMs = 90_000

/** How often it is renewed, in ms. */
const renewalMs = 20_000

/** How often a lane without news is kept: some three hours. A test that runs all timers comes to an end. */
const maxRenewals = 500

/** For browsers without Web Locks: a page that lives says so in storage, again and again, while its lane is used. */
export function createLeaseGuard({ store, clock, prefix, lane, isUsed }: LeaseGuardOptions): LeaseGuard {
  const key = prefix + lane
  let stopRenewing: (() => void) | undefined
  let isAsleep = false
  let left = 0

  const renew = () => {
    left--
    store.set(key, String(clock.now() + leaseMs))
    stopRenewing = clock.after(renewalMs, () => (isUsed() && left > 0 ? renew() : release()))
  }

  const release = () => {
    stopRenewing?.()
    stopRenewing = undefined
    store.remove(key)
  }

  return {
    leases: store,
    clock,
    prefix,
    lane,
    hold() {
      left = maxRenewals
      if (!stopRenewing && !isAsleep) renew()
    },
    // The timer sees to it: events come and go, and each lease is a write.
    letGo() {},
    release() {
      isAsleep = true
      release()
    },
    wake() {
      isAsleep = false
    },
  }
}
