/** One encoded event on its way to the server. */
export interface Parcel {
  /** The event's `messageId`. */
  readonly id: string
  /** The event as it is sent. */
  readonly json: string
  /** Its size on the wire, in bytes. */
  readonly bytes: number
  /** Hears, once, how it ended: without a reason it was delivered. */
  settle(failure?: { readonly reason: unknown }): void
}
