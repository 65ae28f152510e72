import { CoreContext, CoreStats } from '@sluice/core'
import type { SegmentEvent } from './segment-event'

/** Counts and times what became of one event. */
export class Stats extends CoreStats {}

/** The envelope of one event: plugins, listeners and callbacks get it. */
export class Context extends CoreContext<SegmentEvent> {
  constructor(event: SegmentEvent, id?: string) {
    super(event, id, new Stats())
  }

  /** The context of work that belongs to no event, such as loading a plugin. */
  static override system(): Context {
    return new Context({ type: 'track', event: 'system' })
  }
}
