import { memberOf } from '../past-markup'
import { onJQuerySubmit } from './jquery-submit'
import { toElements } from './to-elements'
import { trackElement } from './track-element'
import type { TrackingClient } from './tracking-client'
import type { ElementCall, Elements } from './types'

/** Something that happens to elements, and who tracks it with all that belongs to it. */
interface Happening<T extends Element> {
  readonly type: 'click' | 'submit'
  /** Of the client. */
  readonly method: string
  load(): Promise<(analytics: TrackingClient, elements: T[], ...call: ElementCall<T>) => void>
}

/**
 * Tracks from this call on, though the code that takes care of leaving the page comes later: until then, or when it
 * cannot be loaded, the page is left as if nobody tracked, and the event is in the outbox.
 */
export async function trackAtOnce<T extends Element>(
  analytics: TrackingClient,
  [given, ...call]: [elements: Elements<T>, ...call: ElementCall<T>],
  { type, method, load }: Happening<T>,
): Promise<void> {
  const elements = toElements(given, method)
  if (elements.length === 0) return
  const stops = elements.flatMap((element) => {
    const track = () => void trackElement(analytics, element, call)
    memberOf(element, 'addEventListener')(type, track)
    const stop = () => memberOf(element, 'removeEventListener')(type, track)
    return type === 'submit' ? [stop, onJQuerySubmit(element, track)] : [stop]
  })
  try {
    const trackAll = await load()
    for (const stop of stops) stop()
    trackAll(analytics, elements, ...call)
  } catch (reason) {
    console.error(`The rest of ${method} could not be loaded`, reason)
  }
}
