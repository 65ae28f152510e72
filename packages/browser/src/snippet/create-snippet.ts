import type { SnippetOptions } from './options'
import { snippetArguments } from './snippet-arguments'
import { snippetText } from './snippet-text'
import { toScript } from './to-script'

/** What the arguments of the snippet are called among its options. */
const names = ['globalKey', 'src', 'version', 'load', 'page.properties', 'host', 'nonce', 'integrity']

/**
 * The script that a page begins with: takes calls until the library is there, and loads the library. Put it into the
 * head, in a `<script>`; it holds nothing that could end the element or break out of it.
 * @example const html = `<script nonce="${nonce}">${createSnippet({ writeKey, host: 'cdn.example.com' })}</script>`
 */
export function createSnippet(options: SnippetOptions): string {
  const texts = snippetArguments(options).map((argument, index) => {
    const name = names[index] ?? ''
    if (Array.isArray(argument)) return `[${argument.map((one) => toScript(one, name)).join()}]`
    // Left out is what nobody gave: a zero is shorter than `undefined`.
    return toScript(argument ?? 0, name)
  })
  while (texts.at(-1) === '0') texts.pop()
  return `!${snippetText}(window,${texts.join()})`
}
