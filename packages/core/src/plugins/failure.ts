import type { ContextFailedDelivery, CoreContext } from '../context'

/** Why something went no further: an error, or a cancelation if a plugin decided so. */
export type Failure = Readonly<ContextFailedDelivery>

/** The context with how it failed, or one in its stead if it takes no such note: plugins may have frozen it. */
export function withFailure<Ctx extends CoreContext>(ctx: Ctx, failure: Failure): Ctx {
  try {
    ctx.setFailedDelivery(failure)
    if (ctx.failedDelivery()?.reason === failure.reason) return ctx
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
