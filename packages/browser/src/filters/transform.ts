import type { SegmentEvent } from '../segment-event'

/** Changes an event, which is its own, and tells whether the event goes on. */
export type Transform = (event: SegmentEvent) => boolean
