import { createFakeClock, createScriptedTransport, type Reply } from '@sluice/testing'
import type { DeliveryOptions, Parcel } from '../../src/internal'
import { alwaysOnline, createDelivery, noOutbox, segmentStatusTable, unload } from '../../src/internal'

/** How a parcel ended: nothing yet, delivered, or the reason it failed for. */
export type End = 'on its way' | 'delivered' | string

type Overrides = Partial<Omit<DeliveryOptions, 'policy' | 'batches' | 'bounds'>> & {
  policy?: Partial<DeliveryOptions['policy']>
  batches?: Partial<DeliveryOptions['batches']>
  bounds?: Partial<DeliveryOptions['bounds']>
  replies?: Reply[]
}

/** A delivery engine on fakes. The first retry comes after 1.5 s, the next after 3 s… */
export function startDelivery({ replies = [200], policy, batches, bounds, ...others }: Overrides = {}) {
  const clock = createFakeClock()
  const transport = createScriptedTransport(...replies)
  const ends = new Map<string, End[]>()
  const ended: { ids: string[]; failed: boolean }[] = []
  const delivery = createDelivery({
    transport,
    clock,
    lifecycle: alwaysOnline,
    outbox: noOutbox,
    maxInFlight: 4,
    unload,
    batches: {
      maxEvents: 1,
      maxBytes: 480 * 1024,
      hardMaxEvents: 2_500,
      maxLeavingBytes: 60_000,
      maxWaitMs: 10_000,
      ...batches,
    },
    bounds: { maxEvents: 100_000, maxBytes: 2 ** 26, overflow: 'drop-newest', ...bounds },
    policy: {
      maxRetries: 10,
      maxTotalBackoffMs: 43_200_000,
      maxRateLimitMs: 43_200_000,
      maxUncountedRetries: 20,
      maxPauseMs: 300_000,
      delayMs: (retry) => 750 * 2 ** retry,
      statuses: segmentStatusTable,
      ...policy,
    },
    message: (parcels) => ({ body: parcels.map(({ id }) => id).join(' '), path: parcels[0]?.path ?? '' }),
    batchEnded: (parcels, failure) =>
      ended.push({ ids: parcels.map(({ id }) => id), failed: failure !== undefined }),
    ...others,
  })

  const parcel = (id: string, bytes = 100): Parcel => {
    ends.set(id, [])
    return {
      id,
      json: JSON.stringify({ id }),
      bytes,
      settle(failure) {
        const end = failure
          ? failure.reason instanceof Error
            ? failure.reason.message
            : String(failure.reason)
          : 'delivered'
        ends.get(id)?.push(end)
      },
    }
  }

  return {
    clock,
    delivery,
    transport,
    ended,
    /** Adds events `1`, `2`, `3`… or those that are named. */
    add(...ids: (string | number)[]) {
      for (const id of ids) delivery.add(parcel(String(id)), false)
    },
    addSized: (id: string, bytes: number) => delivery.add(parcel(id, bytes), false),
    addAwaited: (id: string) => delivery.add(parcel(id), true),
    /** The ids of each request, in order. */
    requests: () => transport.sent.map(({ body }) => body),
    retryCounts: () => transport.sent.map(({ retryCount }) => retryCount),
    /** How an event ended. Fails if it ended more than once. */
    end(id: string | number): End {
      const all = ends.get(String(id)) ?? []
      if (all.length > 1) throw new Error(`${id} ended ${all.length} times: ${all.join(', ')}`)
      return all[0] ?? 'on its way'
    },
  }
}
