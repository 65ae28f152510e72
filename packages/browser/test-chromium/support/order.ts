import type { Config } from './config'

/** What a page tells a worker. */
export interface Order extends Config {
  /** Name of the event. */
  track: string
}
