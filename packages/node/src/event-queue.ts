import type { CorePlugin } from '@sluice/core'
import { type Anything, type Clock, Pipeline } from '@sluice/core/internal'
import type { Context } from './context'

/** The pipeline of a server. Each event goes through it once: retries are the business of delivery. */
export class NodeEventQueue<Plugin extends CorePlugin<Context, Anything>> extends Pipeline<Context, Plugin> {
  constructor(clock: Clock, pluginTimeout: number) {
    super({ clock, pluginTimeout })
  }
}
