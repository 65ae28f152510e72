import { recordJson, type StoredEvent } from '../store/stored-event'
import type { WaitTurn } from '../store/turns'

export interface EventList {
  /** JSON of the answer up to the list, and from there on. */
  before: string
  after: string
  /** Numbers of the events, in their order. */
  seqs: readonly number[]
  read(seq: number): Promise<StoredEvent | undefined>
  waitTurn: WaitTurn
}

const pieceChars = 64 * 1024
const longestListChars = 32 * 1024 * 1024

/**
 * Writes an answer with a list of events, `"events":[…]`, piece by piece as the reader takes it: no more than a piece is in
 * memory, however many and large the events are. A list that grows too long to be read in one go ends early, and `"next"`
 * holds the number to go on after.
 */
export async function* eventListJson({
  before,
  after,
  seqs,
  read,
  waitTurn,
}: EventList): AsyncGenerator<string> {
  let piece = `${before}"events":[`
  let chars = 0
  let next: number | undefined
  for (const [index, seq] of seqs.entries()) {
    const event = await read(seq)
    // A reset may have come in between.
    if (event === undefined) continue
    const record = recordJson(event)
    piece += chars === 0 ? record : `,${record}`
    chars += record.length
    if (chars > longestListChars && index < seqs.length - 1) {
      next = seq
      break
    }
    if (piece.length < pieceChars) continue
    yield piece
    piece = ''
    await waitTurn()
  }
  yield `${piece}]${next === undefined ? '' : `,"next":${next}`}${after}`
}
