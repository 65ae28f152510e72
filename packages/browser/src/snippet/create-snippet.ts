import type { SnippetOptions } from './options'
import { snippetArguments } from './snippet-arguments'
import { snippetText } from './snippet-text'

/**
 * The script that a page begins with: takes calls until the library is there, and loads the library. Put it into the
 * head, in a `<script>`; it holds nothing that could end the element or break out of it.
 * @example const html = `<script nonce="${nonce}">${createSnippet({ writeKey, host: 'cdn.example.com' })}</script>`
 */
export function createSnippet(options: SnippetOptions): string {
  const texts = snippetArguments(options).map((argument) => toScript(argument))
  while (texts.at(-1) === '0') texts.pop()
  return `!${snippetText}(window,${texts.join()})`
}

/** A value as a script tells it. Left out is what nobody gave: a zero is shorter than `undefined`. */
function toScript(value: unknown): string {
  const json = JSON.stringify(value, (name, inner: unknown) => {
    if (typeof inner !== 'function') return inner
    throw new TypeError(`The snippet is a text and cannot hold the function '${name}': use installSnippet`)
  })
  // What could end a script element or open a comment in it; and line ends that older scripts may not hold in a string.
  return (json ?? '0').replace(
    /[<\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
