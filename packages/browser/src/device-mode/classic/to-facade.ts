import { Alias, Group, Identify, Page, Track } from '@segment/facade'
import type { SegmentEvent } from '../../segment-event'

/** The kinds of events that destinations of the first generation know. */
export type ClassicType = Exclude<SegmentEvent['type'], 'screen'>

const facades = { alias: Alias, group: Group, identify: Identify, page: Page, track: Track }

/** An event as these destinations read it. With `traverse`, strings in it that look like dates become dates. */
export function toFacade(type: ClassicType, event: SegmentEvent, traverse: boolean): object {
  return new facades[type](event, { traverse })
}
