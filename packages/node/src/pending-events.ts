import type { CallSite, Clock, Epoch, Failure } from '@sluice/core/internal'
import { createTally, failureOf, isThenable, note, withFailure, withTimeLimit } from '@sluice/core/internal'
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
  /** Where it was called; all that hears of its end is called from there. */
  readonly site: CallSite
  readonly epoch: Epoch
  /** Ends it, once the callback has been called; `undefined` before. */
  conclude: (() => void) | undefined
}

export interface PendingEventsOptions {
  readonly clock: Clock
  /** An event has ended: delivered, or with a failure. */
  ended(ctx: Context, type: SegmentEvent['type'], failure: Failure | undefined): void
  /** None is left. */
  drained(): void
}

/** Knows every accepted event until its end, which comes exactly once: first its callback hears of it, then the rest. */
export interface PendingEvents {
  begin(ctx: Context, callback: Callback | undefined, site: CallSite): PendingEvent
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

  const end = (pending: PendingEvent, ctx: Context, mayWait: boolean) => {
    const { callback, type, epoch } = pending
    if (pending.conclude) return
    // Once and for all: plugins and callbacks have the context as well, and may do to it what they like.
    const failure = failureOf(ctx)
    const conclude = () => {
      if (!all.delete(pending)) return
      ended(ctx, type, failure)
      tally.end(epoch)
      if (tally.count() === 0) drained()
    }
    pending.conclude = conclude
    if (!callback) return conclude()
    const failed = (error: unknown) => note(ctx, 'warn', 'Callback Error', { error })
    try {
      // Read, so that copies of the context have the event, too.
      void ctx.event
      const answer = callback(failure?.reason, ctx)
      if (isThenable(answer)) {
        const settled = Promise.resolve(answer)
        const limited = mayWait ? withTimeLimit(settled, { clock, ms: callbackTimeout }, 'callback') : settled
        const noted = limited.catch(failed)
        if (mayWait) {
          void noted.then(conclude)
          return
        }
      }
    } catch (error) {
      failed(error)
    }
    conclude()
  }

  return {
    begin(ctx, callback, site) {
      const { type } = ctx.event
      const epoch = tally.begin()
      const pending: PendingEvent = { ctx, type, callback, site, epoch, conclude: undefined }
      all.add(pending)
      return pending
    },
    end: (pending, ctx) => end(pending, ctx, true),
    abandon(reason) {
      for (const pending of [...all]) {
        pending.site.runInAsyncScope(() => {
          if (pending.conclude) pending.conclude()
          else end(pending, withFailure(pending.ctx, { reason }), false)
        })
      }
    },
    count: tally.count,
    whenSoFarEnded: tally.whenSoFarEnded,
  }
}
