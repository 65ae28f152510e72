import type { Context } from '../context'
import type { LaneGuard } from './lane-guard'
import { type BrowserOutbox, rawMark } from './outbox'

/**
 * Keeps the events that have been accepted and are not yet with the delivery, as they are: plugins have not seen all of
 * them. A page that finds one takes it through its own plugins.
 */
export interface Keeper {
  readonly outbox: BrowserOutbox
  readonly guard: LaneGuard
  /** The call is over, and the event is still on its way. */
  keep(ctx: Context): void
  /** An event that another page kept is on its way again. */
  restore(ctx: Context): void
  /** From here on, delivery keeps the event. */
  handOver(ctx: Context): void
  /** The event that was accepted as `ctx` has come to its end as `ended`. */
  ended(ctx: Context, ended: Context): void
}

export function createKeeper(outbox: BrowserOutbox, guard: LaneGuard): Keeper {
  // Events mostly reach delivery within the call: then nothing is written here.
  const handedOver = new WeakSet<Context>()
  const kept = new WeakMap<Context, string>()
  return {
    outbox,
    guard,
    keep(ctx) {
      const { messageId } = ctx.event
      // A plugin may have put another context in the place of this one.
      if (!messageId || handedOver.has(ctx) || outbox.entries.has(messageId)) return
      kept.set(ctx, messageId)
      try {
        outbox.put(messageId, rawMark + JSON.stringify(ctx.event))
      } catch {
        // What cannot be turned into text is refused later, by the destination that needs it.
      }
    },
    restore(ctx) {
      if (ctx.event.messageId) kept.set(ctx, ctx.event.messageId)
    },
    handOver(ctx) {
      handedOver.add(ctx)
    },
    ended(ctx, ended) {
      const id = kept.get(ctx)
      if (id !== undefined && !handedOver.has(ended)) outbox.remove(id)
    },
  }
}
