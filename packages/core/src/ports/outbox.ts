/**
 * Where unsent events are kept from the moment they are encoded until the answer is in.
 * What it holds outlives the page or process if the platform can do that; in memory it holds nothing,
 * because the queue itself is the memory.
 */
export interface Outbox {
  /** Keeps one encoded event. Answers false when there was no room for it. */
  put(id: string, json: string): boolean
  /**
   * It is in a request that outlives the page or process, so it may be delivered without anybody who hears of it; whoever
   * finds it here later should know. Putting it again takes that back.
   */
  left?(id: string, now: number): void
  /** Forgets it: it was delivered, failed or was dropped. */
  remove(id: string): void
}
