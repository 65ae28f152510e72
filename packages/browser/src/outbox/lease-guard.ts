import type { Clock, KeyValueStore } from '@sluice/core/internal'
import type { LaneGuard } from './lane-guard'

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

/** Between writing a claim and finding it unchanged, in ms: storage takes a few to reach other pages. */
const claimMs = 60

/** For browsers without Web Locks: a page that lives says so in storage, again and again, while its lane is used. */
export function createLeaseGuard({ store, clock, prefix, lane, isUsed }: LeaseGuardOptions): LaneGuard & {
  /** Something was put into the lane. */
  used(): void
} {
  const key = (name: string) => `${prefix}${name}`
  let stopRenewing: (() => void) | undefined
  let isHeld = false

  const renew = () => {
    stopRenewing = undefined
    if (!isHeld) return
    if (!isUsed()) {
      store.remove(key(lane))
      return
    }
    store.set(key(lane), String(clock.now() + leaseMs))
    stopRenewing = clock.after(renewalMs, renew)
  }

  const isAlive = (other: string) => Number(store.get(key(other)) ?? 0) > clock.now()

  return {
    hold() {
      isHeld = true
      if (!stopRenewing) renew()
    },
    release() {
      isHeld = false
      stopRenewing?.()
      stopRenewing = undefined
      store.remove(key(lane))
    },
    used() {
      if (isHeld && !stopRenewing) renew()
    },
    ifDead(other, takeOver) {
      if (isAlive(other)) return Promise.resolve()
      // The claim is a lease in itself: those who look meanwhile find the lane alive.
      const claim = `${clock.now() + leaseMs}:${lane}`
      const claimKey = key(`${other}:claim`)
      const rival = store.get(claimKey)
      if (rival !== undefined && Number.parseInt(rival, 10) > clock.now()) return Promise.resolve()
      store.set(claimKey, claim)
      return new Promise((resolve) => {
        clock.after(claimMs, () => {
          if (store.get(claimKey) === claim && !isAlive(other)) {
            takeOver()
            store.remove(claimKey)
            store.remove(key(other))
          }
          resolve()
        })
      })
    },
  }
}
