import { ContextCancelation, type Plan } from '@sluice/core'
import type { SegmentEvent } from '../../segment-event'

/** Throws a cancelation if the tracking plan does not let this destination have the event. */
export function assertPlanned(plan: Plan | undefined, { event }: SegmentEvent, name: string): void {
  const track = plan?.track
  if (!track || !event) return
  const planned = Object.hasOwn(track, event) ? track[event] : undefined
  const isEnabled = planned?.enabled ?? track.__default?.enabled ?? true
  if (isEnabled && planned?.integrations?.[name] !== false) return
  const reason = `The tracking plan keeps ${event} from ${name}`
  throw new ContextCancelation({ retry: false, type: 'Dropped by plan', reason })
}
