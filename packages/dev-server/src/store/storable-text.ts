/**
 * Makes text safe for a column: the driver ends text at NUL and cannot hold half a surrogate pair. Both are written as JSON
 * writes them, and the backslash is doubled so that no two texts become one. To be used for every column and every filter.
 */
export function storableText<Text extends string | null>(text: Text): Text | string {
  return text?.replace(unsafe, (char) => (char === '\\' ? '\\\\' : `\\u${hex(char)}`)) ?? text
}

/** The text that `storableText` was given. */
export function originalText(stored: string): string {
  return stored.replace(escaped, (_, digits: string | undefined) =>
    digits === undefined ? '\\' : String.fromCharCode(Number.parseInt(digits, 16)),
  )
}

const unsafe = /[\\\0]|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g
const escaped = /\\(?:\\|u([\da-f]{4}))/g

function hex(char: string): string {
  return char.charCodeAt(0).toString(16).padStart(4, '0')
}
