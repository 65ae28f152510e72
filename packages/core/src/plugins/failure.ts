import type { ContextFailedDelivery, CoreContext } from '../context'

/** Why something went no further: an error, or a cancelation if a plugin decided so. */
export type Failure = Readonly<ContextFailedDelivery>

/**
 * The context with how it failed, or one in its stead if it takes no such note: plugins may have frozen it. It gets a note
 * of its own: the events of a batch fail together, for one reason, which is all that is said of it.
 */
export function withFailure<Ctx extends CoreContext>(ctx: Ctx, { reason }: Failure): Ctx {
  const failure = { reason }
  try {
    ctx.setFailedDelivery(failure)
    if (ctx.failedDelivery()?.reason === reason) return ctx
  } catch {}
  return Object.create(ctx, { failedDelivery: { value: () => failure } })
}

/** What a context says of its failure, if it can be read: plugins may have broken it. */
export function failureOf(ctx: CoreContext): Failure | undefined {
  try {
    const failure = ctx.failedDelivery()
    return failure && { reason: failure.reason }
  } catch {
    return undefined
  }
}
