import type { CoreSegmentEvent, ID } from '@sluice/core'

/** An event as this library builds and sends it. */
export interface SegmentEvent extends CoreSegmentEvent {
  userId?: ID
  anonymousId?: ID
}
