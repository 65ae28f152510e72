import type { Analytics } from './analytics'
import { globalNamed } from './past-markup'

const name = '__SEGMENT_INSPECTOR__'

/** Shows the client to the browser extension that inspects events, which leaves a global of this name. */
export function attachInspector(analytics: Analytics): void {
  try {
    // An extension that comes later finds the object, as with Segment's library.
    if (!globalNamed(name)) Reflect.set(globalThis, name, {})
    const inspector = Object(globalNamed(name))
    inspector.attach?.(analytics)
  } catch (reason) {
    console.error('The inspector failed', reason)
  }
}
