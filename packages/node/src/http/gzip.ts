/** Compresses text with the gzip that nearly every runtime has built in. */
export async function gzip(text: string): Promise<Uint8Array<ArrayBuffer>> {
  const Compression = compression()
  if (!Compression) throw new Error('There is no CompressionStream here')
  const stream = new Blob([text]).stream().pipeThrough(new Compression('gzip'))
  return new Uint8Array(await new Response(stream).arrayBuffer())
}

/** Whether the runtime can do it: some that call themselves edge cannot, and uncompressed is better than not at all. */
export const canGzip = () => compression() !== undefined

// By its bare name, bundlers for the edge warn of it.
const compression = () => (globalThis as Partial<typeof globalThis>).CompressionStream
