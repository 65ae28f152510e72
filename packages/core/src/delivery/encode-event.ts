import { toError } from '../to-error'

/** An event that is larger than the server accepts. */
export class EventTooLargeError extends Error {
  override readonly name = 'EventTooLargeError'
  declare readonly bytes: number
  declare readonly limit: number

  constructor(bytes: number, limit: number) {
    super(`Event exceeds maximum event size of ${limit / 1024} KB`)
    this.bytes = bytes
    this.limit = limit
  }
}

export type Encoded =
  | { readonly json: string; readonly bytes: number }
  | { readonly json?: never; readonly error: Error }

/**
 * Turns an event into the text that is sent. This happens once in its life: the text is the snapshot, its size is
 * the true one, and what cannot be turned into text is found out here, before it can harm a batch.
 */
export function encodeEvent(event: object, limit: number, byteLength: (text: string) => number): Encoded {
  try {
    // A `toJSON` of its own can make nothing of an event, or something else than an event, which would spoil its batch.
    const json = JSON.stringify(event) as string | undefined
    if (json?.[0] !== '{') throw new Error('it is no object')
    const bytes = byteLength(json)
    return bytes > limit ? { error: new EventTooLargeError(bytes, limit) } : { json, bytes }
  } catch (cause) {
    // JSON.stringify draws the whole circle over several lines; the first names the fault.
    const [problem] = toError(cause).message.split('\n')
    return { error: new Error(`Event cannot be turned into JSON: ${problem}`, { cause }) }
  }
}
