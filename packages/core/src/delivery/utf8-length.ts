/** How many bytes `text` takes on the wire, in UTF-8. */
export function utf8Length(text: string): number {
  let bytes = text.length
  for (let index = 0; index < text.length; index++) {
    const point = text.codePointAt(index) ?? 0
    if (point > 0x7f) bytes += point > 0x7ff ? 2 : 1
    // Two units here, four bytes there.
    if (point > 0xffff) index++
  }
  return bytes
}
