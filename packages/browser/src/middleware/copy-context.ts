import { copyData } from '@sluice/core/internal'
import type { Context } from '../context'

/** An envelope of its own for `event`, or for a copy of the event in `ctx`. */
export function copyContext(ctx: Context, event = copyData(ctx.event)): Context {
  // Of the class that the client's own chunk has: destinations come in chunks of their own.
  const Same = ctx.constructor as typeof Context
  return new Same(event, ctx.id)
}
