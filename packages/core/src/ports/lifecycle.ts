/** What the engine must know about its host's comings and goings. Every `on…` returns the way out. */
export interface Lifecycle {
  isOnline(): boolean
  /** The network is back. */
  onOnline(run: () => void): () => void
  /** The page or process may end at any moment now: what can be sent must be sent. */
  onLeave(run: () => void): () => void
  /**
   * Calls `run` when what happens now is over, which may be more than the present call: what a visitor does may lead away.
   * Without it, that is at the end of the call.
   */
  soon?(run: () => void): void
}
