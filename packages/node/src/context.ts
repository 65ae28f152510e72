import { CoreContext } from '@sluice/core'
import type { SegmentEvent } from './segment-event'

/** The envelope of one event: plugins, listeners and callbacks get it. */
export class Context extends CoreContext<SegmentEvent> {
  /** The context of work that belongs to no event, such as loading a plugin. */
  static override system(): Context {
    return new this({ type: 'track', event: 'system' })
  }
}
