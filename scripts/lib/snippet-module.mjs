/** The text of the snippet as a module, made from the function that it is. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { transform } from 'esbuild'
import { root } from './workspace.mjs'

const folder = join(root, 'packages/browser/src/snippet')

export const snippetModulePath = join(folder, 'snippet-text.ts')

/** @returns {Promise<string>} */
export async function snippetModule() {
  const source = readFileSync(join(folder, 'run-snippet.ts'), 'utf8')
  const { code } = await transform(source, { loader: 'ts', minify: true, target: 'es2020' })
  const text = code
    .trim()
    .replace(/^export function runSnippet/, 'function')
    .replace(/;$/, '')
  return [
    '// Written by `node scripts/write-snippet.mjs` from `run-snippet.ts`.',
    '// biome-ignore format: it is one line, and nobody reads it',
    `export const snippetText = ${JSON.stringify(text).replaceAll("'", "\\'").replace(/^"|"$/g, "'").replaceAll('\\"', '"')}`,
    '',
  ].join('\n')
}
