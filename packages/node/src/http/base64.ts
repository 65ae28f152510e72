/** A text's UTF-8 in base64, with nothing but what every runtime has, test environments included. */
export function base64Of(text: string): string {
  // Half a surrogate pair has no UTF-8 of its own.
  const utf8 = encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\uFFFD'))
  return btoa(utf8.replace(/%(..)/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))))
}
