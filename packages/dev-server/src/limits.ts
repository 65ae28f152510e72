/** How large things may be. The defaults are those of Segment's Tracking API. */
export interface Limits {
  /** Largest body of a single call (`/v1/track`, `/v1/t`, …), in bytes after decompression. @default 32768 */
  callBytes: number
  /** Largest event inside a batch, in bytes of JSON. @default 32768 */
  eventBytes: number
  /** Largest body of a batch, in bytes after decompression. @default 512000 */
  batchBytes: number
  /** Most events of a batch; those beyond it fail on ingest. @default 2500 */
  batchEvents: number
  /** Longest `messageId`, in characters. @default 100 */
  messageIdChars: number
}

export const defaultLimits: Limits = {
  callBytes: 32 * 1024,
  eventBytes: 32 * 1024,
  batchBytes: 500 * 1024,
  batchEvents: 2_500,
  messageIdChars: 100,
}
