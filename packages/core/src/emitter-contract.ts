import type { CoreContext } from './context'

/** Something went wrong, and nobody else was told. */
export interface CoreEmittedError<Ctx extends CoreContext = CoreContext> {
  /** `delivery_failure`: the event of `ctx` was not delivered. Others are documented by the client that emits them. */
  code: string
  reason?: unknown
  ctx?: Ctx
}

/** What every client emits: each of the six calls when it has ended well, and what went wrong. */
export type CoreEmitterContract<
  Ctx extends CoreContext,
  Err extends CoreEmittedError<Ctx> = CoreEmittedError<Ctx>,
> = {
  alias: [ctx: Ctx]
  track: [ctx: Ctx]
  identify: [ctx: Ctx]
  page: [ctx: Ctx]
  screen: [ctx: Ctx]
  group: [ctx: Ctx]
  register: [pluginNames: string[]]
  deregister: [pluginNames: string[]]
  error: [error: Err]
}
