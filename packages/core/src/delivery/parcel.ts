/** One encoded event on its way to the server. */
export interface Parcel {
  /** The event's `messageId`. */
  readonly id: string
  /** The event as it is sent. */
  readonly json: string
  /** Its size on the wire, in bytes. */
  readonly bytes: number
  /** Where to, below the address of the API, if events go there one by one. */
  readonly path?: string
  /** Hears, once, how it ended: without a reason it was delivered. */
  settle(failure?: { readonly reason: unknown }): void
}
