/** Where a write key may be found, the first that has one. */
export interface WriteKeyHints {
  /** `data-write-key` of the library's own script. */
  readonly onScript?: string | undefined
  /** Put into this file by the server that serves it. */
  readonly embedded?: string | undefined
  /** `_writeKey` of the snippet. */
  readonly fromSnippet?: unknown
  /** Address of the library's own script. */
  readonly address?: string | undefined
}

/** A server that serves each source a library of its own puts the key here. */
const placeholder = '__WRITE_KEY__'

// In pieces, so that the server does not find it here as well.
const untouched = ['__WRITE', 'KEY__'].join('_')

const inAddress = /\/analytics\.js\/v1\/([^/?#]+)(?:\/platform)?\/analytics/

export function findWriteKey(hints: WriteKeyHints): string | undefined {
  const { onScript, embedded = placeholder, fromSnippet, address = '' } = hints
  if (onScript) return onScript
  if (embedded !== untouched) return embedded
  if (typeof fromSnippet === 'string' && fromSnippet) return fromSnippet
  const key = inAddress.exec(address)?.[1]
  return key && decodeURIComponent(key)
}
