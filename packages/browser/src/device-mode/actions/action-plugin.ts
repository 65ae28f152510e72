import type { Context } from '../../context'
import type { InternalPluginWithAddMiddleware } from '../../plugins/types'

/** An action of a destination, as the pipeline has it. */
export interface ActionPlugin extends InternalPluginWithAddMiddleware {
  /** Whether it can be used, when that is known. Never rejects. */
  ready(): Promise<boolean>
  isUsable(): boolean
  /** Whether it would see events before they are sent, and has not seen this one. */
  hasMissed(ctx: Context): boolean
  /** Gives it an event. What is counted and logged is that of `ctx`. */
  deliver(given: Context, ctx: Context): Promise<Context>
  /** Has it send what it has kept to send later. */
  flush(): Promise<void>
}
