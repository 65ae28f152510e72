import { createDeferred, type Deferred } from '@sluice/core'
import { hostClock, isSwitchedOn } from '@sluice/core/internal'
import type { Context } from '../../context'
import { copyContext } from '../../middleware/copy-context'
import type { ActionPlugin } from './action-plugin'

/** So many events wait for an action, at most. */
export const maxWaiting = 1_000

/**
 * The events that the actions of one destination cannot take yet. An action gets, in their order, those that came before it
 * was loaded; where several load together, each event goes to all of them before the next. An event that the destination's
 * own `before` and `enrichment` actions have not seen before it was sent goes through them now, for this destination alone.
 */
export interface Inbox {
  /** Whether this event has to wait for its turn. */
  isNeeded(ctx: Context, action: ActionPlugin): boolean
  /**
   * Takes an event, or `copy` in its stead. Resolves or rejects when the action is done with it; resolves when the action
   * will not get it.
   */
  put(ctx: Context, action: ActionPlugin, copy?: Context): Promise<Context>
  /** An action can be used now. */
  open(): void
  /** An action will never come, or is gone. */
  drop(action: ActionPlugin): void
}

interface Letter {
  readonly ctx: Context
  readonly action: ActionPlugin
  readonly delivered: Deferred<Context>
}

export function createInbox(actionsOf: () => readonly ActionPlugin[]): Inbox {
  let letters: Letter[] = []
  let isHandingOver = false
  const copies = new WeakMap<Context, Context>()
  const shaped = new WeakMap<Context, Promise<Context | undefined>>()

  const missed = (ctx: Context) => actionsOf().filter((action) => action.hasMissed(ctx))

  const remove = (isMeant: (letter: Letter) => boolean): Letter[] => {
    const removed = letters.filter(isMeant)
    letters = letters.filter((letter) => !isMeant(letter))
    return removed
  }

  const handOver = async () => {
    for (;;) {
      const round = remove(({ action }) => action.isUsable())
      if (round.length === 0) break
      for (const { ctx } of round)
        if (!shaped.has(ctx)) shaped.set(ctx, shape(ctx, copies.get(ctx) ?? ctx, missed(ctx)))
      for (const { ctx, action, delivered } of round) {
        const given = await shaped.get(ctx)
        if (given && isSwitchedOn(action, given.event.integrations)) {
          action.deliver(given, ctx).then(delivered.resolve, delivered.reject)
        } else delivered.resolve(ctx)
      }
    }
    isHandingOver = false
  }

  const open = () => {
    if (isHandingOver || letters.length === 0) return
    isHandingOver = true
    // Actions that share what they load are ready one right after the other.
    hostClock.after(0, () => void handOver())
  }

  return {
    isNeeded: (ctx, action) => isHandingOver || !action.isUsable() || missed(ctx).length > 0,
    put(ctx, action, copy) {
      const delivered = createDeferred<Context>()
      if (!copies.has(ctx)) copies.set(ctx, copy ?? copyContext(ctx))
      letters.push({ ctx, action, delivered })
      if (letters.filter((letter) => letter.action === action).length > maxWaiting) {
        const oldest = letters.find((letter) => letter.action === action)
        for (const letter of remove((letter) => letter === oldest)) {
          letter.ctx.log('warn', 'Too many events waited for a destination', { plugin: action.name })
          letter.delivered.resolve(letter.ctx)
        }
      }
      if (action.isUsable()) open()
      return delivered.promise
    },
    open,
    drop(action) {
      for (const { ctx, delivered } of remove((letter) => letter.action === action)) delivered.resolve(ctx)
    },
  }
}

/** What these actions make of an event, or nothing if one of them drops it. */
async function shape(
  ctx: Context,
  copy: Context,
  actions: readonly ActionPlugin[],
): Promise<Context | undefined> {
  const stages = (['before', 'enrichment'] as const).map((stage) =>
    actions.filter(({ type }) => type === stage),
  )
  for (const action of stages.flat()) {
    try {
      await action[copy.event.type]?.(copy)
    } catch {
      // It throws nothing but a cancelation.
      ctx.log('debug', 'Dropped by an action of the destination', { plugin: action.name })
      return undefined
    }
  }
  return copy
}
