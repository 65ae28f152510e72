/**
 * Names and values of cookies as js-cookie writes them, so that either library reads what the other one wrote: all that
 * may stand in a cookie stands for itself, the rest is percent-encoded UTF-8.
 */
export const encodeCookieName = (name: string) => name.replace(/[^\w!#$&'*+.^`|~-]/gu, percent)

export const encodeCookieValue = (value: string) =>
  value.replace(/[^\w!#$&'()*+./:<=>?@[\]^`{|}~-]/gu, percent)

/** Reads a name or a value. What nobody could have encoded is left as it is; quotes around the whole are dropped. */
export function decodeCookie(text: string): string {
  const bare = text.length > 1 && text.startsWith('"') && text.endsWith('"') ? text.slice(1, -1) : text
  return bare.replace(/(%[\da-f]{2})+/gi, (run) => {
    try {
      return decodeURIComponent(run)
    } catch {
      return run
    }
  })
}

// Not `encodeURIComponent`: that leaves parentheses alone and throws at half a surrogate pair.
function percent(character: string): string {
  const bytes = [...new TextEncoder().encode(character)]
  return bytes.map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('')
}
