import type { Context } from '../context'
import type { PageOutbox } from '../page-outbox'
import { keepRaw } from './keep-raw'

/** Keeps the events that have been accepted and are not yet with the delivery. */
export interface Keeper {
  readonly page: PageOutbox
  /** The call is over, and the event is still on its way. */
  keep(ctx: Context): void
  /** From here on, delivery keeps the event. */
  handOver(ctx: Context): void
  /** What was accepted under this id has come to its end as `ended`. */
  ended(id: string | undefined, ended: Context): void
}

export function createKeeper(page: PageOutbox): Keeper {
  // Events mostly reach delivery within the call: then nothing is written here.
  const handedOver = new WeakSet<Context>()
  return {
    page,
    keep(ctx) {
      if (!handedOver.has(ctx)) keepRaw(page.outbox, ctx.event)
    },
    handOver(ctx) {
      handedOver.add(ctx)
    },
    ended(id = '', ended) {
      // A plugin may have given it another id.
      if (!handedOver.has(ended) || ended.event.messageId !== id) page.outbox.remove(id)
    },
  }
}
