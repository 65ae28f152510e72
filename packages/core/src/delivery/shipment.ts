import type { Exchange } from '../ports/transport'

/** No time of the clock is that late. */
export const never = Number.POSITIVE_INFINITY

/** A job and what happened to it so far. */
export interface Shipment<Job> {
  readonly job: Job
  /** Requests made. */
  tries: number
  /** Counted failures. */
  retries: number
  firstFailureAt?: number
  /** Not to be sent before, as the clock's elapsed ms. */
  dueAt: number
  /** Whether the server refused it because it had too much from us. */
  isLimited?: boolean
  exchange?: Exchange | undefined
  /** Under way in a request that was made to outlive the page. */
  outlivesPage?: boolean
}
