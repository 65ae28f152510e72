/** Text for the terminal. Names and paths come from whoever sends; escape sequences in them must not get there. */
export function printable(text: string): string {
  return text.replace(/\p{C}/gu, '�').slice(0, 400)
}
