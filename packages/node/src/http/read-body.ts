import type { HTTPResponse } from './types'

/** So much of a response is kept to be shown, in bytes. */
export const keptBytes = 64 * 1024

/** So much is read to get the connection back into the pool, in bytes; of a longer response the rest is refused. */
export const drainedBytes = 4 * 1024 * 1024

/**
 * Reads the response's body to its end, because only then is its connection free again. Answers the beginning of it.
 * Never rejects: the status has come, and that is what counts.
 */
export async function readBody(response: HTTPResponse): Promise<string | undefined> {
  try {
    const stream = (response as { body?: unknown }).body
    if (isReadable(stream)) return await drain(stream.getReader())
    return typeof response.text === 'function' ? shorten(await response.text()) : undefined
  } catch {
    return undefined
  }
}

async function drain(reader: Reader): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  let bytes = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done || !value) return text
    if (bytes < keptBytes) text += decoder.decode(value.subarray(0, keptBytes - bytes), { stream: true })
    bytes += value.byteLength
    if (bytes > drainedBytes) {
      await reader.cancel()
      return text
    }
  }
}

interface Reader {
  read(): Promise<{ done: boolean; value?: Uint8Array | undefined }>
  cancel(): Promise<unknown>
}

function isReadable(body: unknown): body is { getReader(): Reader } {
  const { getReader, locked }: { getReader?: unknown; locked?: unknown } = Object(body)
  return typeof getReader === 'function' && !locked
}

function shorten(text: unknown): string | undefined {
  return typeof text === 'string' ? text.slice(0, keptBytes) : undefined
}
