import type { CoreOptions, CoreSegmentEvent } from '@sluice/core'

/** One event on its way from the call to the server. */
export interface SegmentEvent extends CoreSegmentEvent {}

/** Options of one call. Keys that are not named are written into the event's context, dots opening objects. */
export interface Options extends CoreOptions {}
