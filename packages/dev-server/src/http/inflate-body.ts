import { promisify } from 'node:util'
import { brotliDecompress, gunzip, inflate, inflateRaw, type ZlibOptions } from 'node:zlib'
import { bodyTooLarge } from './body-too-large'
import { Problem } from './problem'

type Inflate = (bytes: Buffer, options: ZlibOptions) => Promise<Buffer>

const inflaters: Record<string, Inflate> = {
  gzip: promisify<Buffer, ZlibOptions, Buffer>(gunzip),
  'x-gzip': promisify<Buffer, ZlibOptions, Buffer>(gunzip),
  br: promisify<Buffer, ZlibOptions, Buffer>(brotliDecompress),
  // The name means zlib, yet some senders leave its two bytes of header out.
  deflate: (bytes, options) =>
    promisify<Buffer, ZlibOptions, Buffer>(hasZlibHeader(bytes) ? inflate : inflateRaw)(bytes, options),
}

/** Undoes a `Content-Encoding`, stopping as soon as the result outgrows the limit: a small bomb must not fill memory. */
export async function inflateBody(
  bytes: Buffer,
  encoding: string | undefined,
  limitBytes: number,
): Promise<Buffer> {
  const name = (encoding ?? 'identity').trim().toLowerCase()
  if (name === '' || name === 'identity' || bytes.length === 0) return bytes
  const inflateBytes = Object.hasOwn(inflaters, name) ? inflaters[name] : undefined
  if (inflateBytes === undefined) {
    throw new Problem(415, 'encoding_unknown', 'Content-Encoding must be gzip, deflate or br', {
      where: 'content-encoding',
    })
  }
  try {
    return await inflateBytes(bytes, { maxOutputLength: limitBytes })
  } catch (error) {
    if (error instanceof RangeError) throw bodyTooLarge(limitBytes, undefined)
    throw new Problem(400, 'body_not_decodable', `The body is not ${name}`, { where: 'body', encoding: name })
  }
}

function hasZlibHeader(bytes: Buffer): boolean {
  return bytes.length > 1 && (bytes.readUInt8(0) & 0x0f) === 8 && bytes.readUInt16BE(0) % 31 === 0
}
