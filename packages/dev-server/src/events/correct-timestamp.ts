/** The three times an event comes with, in ms since 1970. */
export interface EventTimes {
  originalTimestamp: number
  sentAt: number | undefined
  receivedAt: number
}

/**
 * Says when an event happened by our clock: the sender's clock may be wrong, but the time between
 * happening and sending was measured by that one clock, so it is right.
 */
export function correctTimestamp({ originalTimestamp, sentAt, receivedAt }: EventTimes): number {
  if (sentAt === undefined) return originalTimestamp
  const corrected = receivedAt - (sentAt - originalTimestamp)
  return isDateMs(corrected) ? corrected : receivedAt
}

// Beyond this range `toISOString` throws, and a sender with a broken clock must not be able to make us throw.
const farthestDateMs = 8.64e15

/** Says whether a number can be a date, in ms since 1970. */
export function isDateMs(ms: unknown): ms is number {
  return typeof ms === 'number' && Math.abs(ms) <= farthestDateMs
}
