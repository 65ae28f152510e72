/**
 * Makes text safe for a column: the driver ends text at NUL and cannot hold half a surrogate pair, so two ids that
 * differ after such a character would become one. They are written as JSON writes them instead.
 */
export function storableText<Text extends string | null>(text: Text): Text | string {
  return text !== null && unsafe.test(text)
    ? JSON.stringify(text).slice(1, -1).replaceAll('\0', '\\u0000')
    : text
}

const unsafe = /\0|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/
