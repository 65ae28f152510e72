import { isUtf8 } from 'node:buffer'
import type { Readable } from 'node:stream'
import { bodyTooLarge } from './body-too-large'
import { inflateBody } from './inflate-body'
import { Problem } from './problem'

export interface Body {
  /** Bytes as they came over the wire. */
  wireBytes: number
  text: string
}

// A sender hears our 400 only after it has sent everything, so a little too much is read to its end; a flood is not.
const drainBytes = 16 * 1024 * 1024

/** Reads a body as text, decompressed; throws a `Problem` when it is too large, cut short or not what it says it is. */
export async function readBody(
  stream: unknown,
  encoding: string | undefined,
  limitBytes: number,
): Promise<Body> {
  const received = isReadable(stream) ? await collect(stream, limitBytes) : Buffer.alloc(0)
  const bytes = await inflateBody(received, encoding, limitBytes)
  if (!isUtf8(bytes)) throw new Problem(400, 'body_not_utf8', 'The body is not UTF-8')
  return { wireBytes: received.length, text: bytes.toString('utf8') }
}

async function collect(stream: Readable, limitBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  let total = 0
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      total += chunk.length
      if (total <= limitBytes) chunks.push(chunk)
      if (total > drainBytes) break
    }
  } catch {
    throw new Problem(400, 'body_incomplete', 'The body ended before its announced length')
  }
  if (total > drainBytes) throw bodyTooLarge(limitBytes, undefined, { connection: 'close' })
  if (total > limitBytes) throw bodyTooLarge(limitBytes, total)
  return Buffer.concat(chunks)
}

function isReadable(value: unknown): value is Readable {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value
}
