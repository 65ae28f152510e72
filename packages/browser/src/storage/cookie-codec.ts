import { guarded } from './guarded'

/**
 * Names and values of cookies as js-cookie writes them, so that either library reads what the other one wrote: all that
 * may stand in a cookie stands for itself, the rest is percent-encoded UTF-8.
 */
export const encodeCookieName = (name: string) => name.replace(/[^!-~]|["%(),/:-@[-\]{}]/gu, percent)

export const encodeCookieValue = (value: string) => value.replace(/[^!-~]|["%,;\\]/gu, percent)

/** Reads a name or a value. What nobody could have encoded is left as it is. */
export const decodeCookie = (text: string) =>
  text.replace(/(%[\da-f]{2})+/gi, (run) => guarded(() => decodeURIComponent(run), run))

function percent(character: string): string {
  // `encodeURIComponent` leaves parentheses alone, and throws at half a surrogate pair, for which U+FFFD stands.
  return character < '\x80'
    ? `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`
    : guarded(() => encodeURIComponent(character), '%EF%BF%BD')
}
