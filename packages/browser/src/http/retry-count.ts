/** Tells the server how often it may have seen this event. Retries are rare: only they pay for reading the text. */
export function withRetryCount(json: string, retryCount: number): string {
  const event: { _metadata?: object } = JSON.parse(json)
  event._metadata = { ...event._metadata, retryCount }
  return JSON.stringify(event)
}
