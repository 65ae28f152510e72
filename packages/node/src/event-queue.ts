import { CoreEventQueue, type CorePlugin, PriorityQueue } from '@sluice/core'
import type { Anything, Clock } from '@sluice/core/internal'
import type { Context } from './context'

/** The pipeline of a server. Each event goes through it once: retries are the business of delivery. */
export class NodeEventQueue<Plugin extends CorePlugin<Context, Anything>> extends CoreEventQueue<
  Context,
  Plugin
> {
  constructor(clock: Clock, pluginTimeout: number) {
    super(new SingleAttemptQueue(), { clock, pluginTimeout })
  }
}

/** Counts attempts on the context itself, so that nothing has to be remembered. */
class SingleAttemptQueue extends PriorityQueue<Context> {
  constructor() {
    super(1)
  }

  override getAttempts(ctx: Context): number {
    return ctx.attempts
  }

  override updateAttempts(ctx: Context): number {
    ctx.attempts += 1
    return ctx.attempts
  }

  override settled(): void {}
}
