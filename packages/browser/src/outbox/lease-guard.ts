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

/** For browsers without Web Locks: a page that lives says so in storage, again and again, while its lane is used. */
export function createLeaseGuard({ store, clock, prefix, lane, isUsed }: LeaseGuardOptions): LeaseGuard {
  const key = prefix + lane
  let stopRenewing: (() => void) | undefined
  let isAsleep = false

  const renew = () => {
    store.set(key, String(clock.now() + leaseMs))
    stopRenewing = clock.after(renewalMs, () => (isUsed() ? renew() : release()))
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
      if (!stopRenewing && !isAsleep) renew()
    },
    release() {
      isAsleep = true
      release()
    },
    wake() {
      isAsleep = false
    },
  }
}
