import type { HTTPClientRequest } from './types'

/** Compresses text with the gzip that nearly every runtime has built in. */
export async function gzip(text: string): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream('gzip'))
  return new Uint8Array(await new Response(stream).arrayBuffer())
}

/** Batches are compressed. Token requests are not: they are short, and authorisation servers seldom unpack anything. */
export function isWorthGzip({ headers }: HTTPClientRequest): boolean {
  return headers['Content-Type'] === 'application/json'
}

/** Whether the runtime can do it: some that call themselves edge cannot, and uncompressed is better than not at all. */
export const canGzip = () => typeof CompressionStream === 'function'
