import type { Lifecycle } from '../ports/lifecycle'

/** A server: always online, and told by its owner, not by events, when it is to end. */
export const alwaysOnline: Lifecycle = {
  isOnline: () => true,
  onOnline: () => () => {},
  onLeave: () => () => {},
}
