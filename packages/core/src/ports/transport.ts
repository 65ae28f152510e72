/** Carries one request to the Tracking API and its answer back. It makes one try; retries are the sender's. */
export interface Transport {
  /** Answers nothing if the request cannot be made now; only one that is made on leaving may be refused so. */
  exchange(request: TransportRequest): Exchange | undefined
}

export interface TransportRequest {
  /** The whole request body. */
  readonly body: string
  /** Where to, below the address that the transport knows; empty for that address itself. */
  readonly path: string
  /** How many times this very batch was sent before: 0 on the first try. */
  readonly retryCount: number
  /** The page or process may end at any moment: the request must outlive it, or better not be made. */
  readonly isLeaving: boolean
}

export interface Exchange {
  /** The request goes on when the page or process ends, so it need not be made again then. */
  readonly outlivesPage?: boolean
  /** Settles when the answer is in and its body is read or thrown away. Rejects when there was no answer. */
  readonly answer: PromiseLike<TransportResponse>
  /** Gives up: the answer, if it still comes, interests nobody. */
  abort(): void
}

export interface TransportResponse {
  /** HTTP status; anything that is no number is taken as no answer at all. */
  readonly status: number
  readonly statusText: string
  /** A response header by its lower-case name. */
  header(name: string): string | undefined
}
