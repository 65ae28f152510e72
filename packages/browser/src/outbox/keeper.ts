import type { Context } from '../context'
import { keepRaw } from './keep-raw'
import type { PageOutbox } from './page-outbox'

/** Keeps the events that have been accepted and are not yet with the delivery. */
export interface Keeper {
  readonly page: PageOutbox
  /** The call is over, and the event is still on its way. */
  keep(ctx: Context): void
  /** From here on, delivery keeps the event. */
  handOver(ctx: Context): void
  /** The event that was accepted as `ctx` has come to its end as `ended`. */
  ended(ctx: Context, ended: Context): void
}

export function createKeeper(page: PageOutbox): Keeper {
  // Events mostly reach delivery within the call: then nothing is written here.
  const handedOver = new WeakSet<Context>()
  const kept = new WeakMap<Context, string>()
  return {
    page,
    keep(ctx) {
      const { event } = ctx
      if (handedOver.has(ctx) || !event.messageId) return
      kept.set(ctx, event.messageId)
      keepRaw(page.outbox, event)
    },
    handOver(ctx) {
      handedOver.add(ctx)
    },
    ended(ctx, ended) {
      const id = kept.get(ctx)
      if (id !== undefined && !handedOver.has(ended)) page.outbox.remove(id)
    },
  }
}
