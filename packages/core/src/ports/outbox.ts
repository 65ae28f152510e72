/**
 * Where unsent events are kept from the moment they are encoded until the answer is in.
 * What it holds outlives the page or process if the platform can do that; in memory it holds nothing,
 * because the queue itself is the memory.
 */
export interface Outbox {
  /** Keeps one encoded event. Answers false when there was no room for it. */
  put(id: string, json: string): boolean
  /** Forgets it: it was delivered, failed or was dropped. */
  remove(id: string): void
}
