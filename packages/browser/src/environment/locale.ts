/** The language of the browser. Old ones on Windows tell it apart from that of the system as `userLanguage`. */
export function readLocale(navigator: { language?: string; userLanguage?: string }): string | undefined {
  return navigator.userLanguage || navigator.language
}
