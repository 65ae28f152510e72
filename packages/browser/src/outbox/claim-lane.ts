import type { LaneGuard, LeaseGuard, LockGuard } from './lane-guard'

/** Between writing a claim and finding it unchanged, in ms: storage takes a few to reach other pages. */
const claimMs = 60

/** Whoever claimed a lane and has not taken it over after so long, in ms, is gone as well. */
const claimLifetimeMs = 10_000

/** Runs `takeOver` if the page of that lane is gone and nobody else is taking it over. Never rejects. */
export function claimLane(guard: LaneGuard, lane: string, takeOver: () => void): Promise<void> {
  return 'locks' in guard ? claimLock(guard, lane, takeOver) : claimLease(guard, lane, takeOver)
}

async function claimLock({ locks, prefix }: LockGuard, lane: string, takeOver: () => void): Promise<void> {
  try {
    await locks.request(prefix + lane, { ifAvailable: true }, (lock) => {
      if (lock) takeOver()
    })
  } catch {
    // Locks are denied here, as in some sandboxed frames: the lane waits for a page that may have them.
  }
}

async function claimLease(
  { leases, clock, prefix, lane: ours }: LeaseGuard,
  lane: string,
  takeOver: () => void,
): Promise<void> {
  const key = prefix + lane
  const claimKey = `${key}:claim`
  const isGood = (lease: string | undefined) => Number.parseInt(lease ?? '', 10) > clock.now()

  if (isGood(leases.get(key)) || isGood(leases.get(claimKey))) return
  // Those who look meanwhile leave the lane to us; of several who claim it at once, the last one has it.
  const claim = `${clock.now() + claimLifetimeMs}:${ours}`
  leases.set(claimKey, claim)
  await new Promise<void>((resolve) => clock.after(claimMs, resolve))
  if (leases.get(claimKey) !== claim || isGood(leases.get(key))) return
  takeOver()
  leases.remove(claimKey)
  leases.remove(key)
}
