import type { Context } from '../context'
import type { PageOutbox } from '../page-outbox'
import { keepRaw } from './keep-raw'
import { attemptsBefore, isRaw, withAttempt } from './outbox'

/** Keeps the events that have been accepted and are not yet with the delivery. */
export interface Keeper {
  readonly page: PageOutbox
  /** The call is over, and the event is still on its way. */
  keep(ctx: Context): void
  /** A further attempt begins. */
  again(ctx: Context): void
  /** Attempts so far, those on earlier pages included, as far as it is kept. */
  attempts(ctx: Context): number
  /** From here on, delivery keeps the event. */
  handOver(ctx: Context): void
  /** What was accepted under this id has come to its end as `ended`. */
  ended(id: string | undefined, ended: Context): void
}

export function createKeeper(page: PageOutbox): Keeper {
  // Events mostly reach delivery within the call: then nothing is written here.
  const handedOver = new WeakSet<Context>()
  const idOf = ({ event }: Context) => event?.messageId ?? ''
  const rawText = (ctx: Context) => {
    const { entries, store } = page.outbox
    const text = store.get(entries.get(idOf(ctx))?.key ?? '')
    return text && isRaw(text) ? text : undefined
  }
  return {
    page,
    keep(ctx) {
      if (!handedOver.has(ctx)) keepRaw(page.outbox, ctx.event)
    },
    again(ctx) {
      const text = rawText(ctx)
      if (text) page.outbox.put(idOf(ctx), withAttempt(text))
    },
    attempts(ctx) {
      const text = rawText(ctx)
      return text ? attemptsBefore(text) + 1 : 0
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
