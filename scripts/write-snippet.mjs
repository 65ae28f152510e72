/** Writes the text of the snippet, minified, to where the library puts it together with a page's own values. */
import { writeFileSync } from 'node:fs'
import { snippetModule, snippetModulePath } from './lib/snippet-module.mjs'

writeFileSync(snippetModulePath, await snippetModule())
