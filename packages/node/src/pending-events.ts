import type { Clock, Epoch } from '@sluice/core/internal'
import { createTally, isThenable, withTimeLimit } from '@sluice/core/internal'
import type { Context } from './context'
import type { SegmentEvent } from './segment-event'

/**
 * Hears how one event ended: without an error it was delivered. A promise it answers is waited for by `flush`, up to
 * a second.
 */
export type Callback = (err?: unknown, ctx?: Context) => unknown

/** An accepted event that has not come to its end. */
export interface PendingEvent {
  readonly ctx: Context
  readonly type: SegmentEvent['type']
  readonly callback: Callback | undefined
  readonly epoch: Epoch
  state: 'on its way' | 'in its callback' | 'ended'
}

export interface PendingEventsOptions {
  readonly clock: Clock
  /** An event has ended; its context says how. */
  ended(ctx: Context, type: SegmentEvent['type']): void
  /** None is left. */
  drained(): void
}

/** Knows every accepted event until its end, which comes exactly once: first its callback hears of it, then the rest. */
export interface PendingEvents {
  begin(ctx: Context, callback: Callback | undefined): PendingEvent
  /** `ctx` is the context with which the event left the pipeline; plugins may have replaced the first one. */
  end(pending: PendingEvent, ctx: Context): void
  /** Ends all that are left, as failed, before it returns. Callbacks are still called but not waited for. */
  abandon(reason: unknown): void
  count(): number
  /** Calls `run` when all events accepted before this call have ended. Gives a way out. */
  whenSoFarEnded(run: () => void): () => void
}

/** How long a callback's own promise is waited for, in ms. */
const callbackTimeout = 1_000

export function createPendingEvents({ clock, ended, drained }: PendingEventsOptions): PendingEvents {
  const all = new Set<PendingEvent>()
  const tally = createTally()

  const conclude = (pending: PendingEvent, ctx: Context) => {
    if (pending.state === 'ended') return
    pending.state = 'ended'
    all.delete(pending)
    ended(ctx, pending.type)
    tally.end(pending.epoch)
    if (tally.count() === 0) drained()
  }

  const end = (pending: PendingEvent, ctx: Context, mayWait: boolean) => {
    if (pending.state !== 'on its way') return
    const { callback } = pending
    if (!callback) return conclude(pending, ctx)
    pending.state = 'in its callback'
    const failed = (error: unknown) => ctx.log('warn', 'Callback Error', { error })
    try {
      const answer = callback(ctx.failedDelivery()?.reason, ctx)
      if (mayWait && isThenable(answer)) {
        const settled = withTimeLimit(Promise.resolve(answer), { clock, ms: callbackTimeout }, 'callback')
        void settled.catch(failed).then(() => conclude(pending, ctx))
        return
      }
      if (isThenable(answer)) answer.then(undefined, failed)
    } catch (error) {
      failed(error)
    }
    conclude(pending, ctx)
  }

  return {
    begin(ctx, callback) {
      const pending: PendingEvent = {
        ctx,
        type: ctx.event.type,
        callback,
        epoch: tally.begin(),
        state: 'on its way',
      }
      all.add(pending)
      return pending
    },
    end: (pending, ctx) => end(pending, ctx, true),
    abandon(reason) {
      for (const pending of [...all]) {
        if (pending.state === 'on its way') {
          pending.ctx.setFailedDelivery({ reason })
          end(pending, pending.ctx, false)
        } else conclude(pending, pending.ctx)
      }
    },
    count: tally.count,
    whenSoFarEnded: tally.whenSoFarEnded,
  }
}
