/**
 * Builds the browser library.
 *
 * Bundlers put whole files into chunks, and make a chunk of its own for whatever several chunks share. So that a page
 * begins with one file, goes on with a second, and asks for no crumbs between them, the library is published in few files:
 * what a page begins with, what it imports right after, the client, and one file for each thing that is imported on
 * first use. These share the first file; what else they have in common each of them has for itself.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join, posix } from 'node:path'
import { rollup } from 'rollup'
import {
  client,
  copies,
  folder,
  isExternal,
  moduleName,
  modulesOf,
  refuse,
  source,
  typescript,
} from './lib/browser-modules.mjs'
import { runTool } from './lib/run.mjs'

/**
 * @typedef {import('rollup').OutputBundle} OutputBundle
 * @typedef {import('rollup').OutputChunk} OutputChunk
 */

const dist = join(folder, 'dist')

/** What applications import: the first hands on what is in the other files, the second is for itself. */
const entries = [source('index.ts'), source('snippet.ts')]
/** What a page begins with. */
const beginning = source('analytics-browser.ts')

rmSync(dist, { recursive: true, force: true })
if (process.env.SLUICE_BUILD === 'start') mkdirSync(dist)
else await runTool('tsup', [], { cwd: folder })
for (const file of readdirSync(dist).filter((name) => name.endsWith('.d.ts'))) {
  const types = readFileSync(join(dist, file), 'utf8').replace(/(["']\.\/[\w.-]+)\.js(["'])/g, '$1.cjs$2')
  writeFileSync(join(dist, file.replace('.d.ts', '.d.cts')), types)
}

const atBeginning = await modulesOf(beginning)
const ofClient = await modulesOf(client)

const build = await rollup({
  input: Object.fromEntries(entries.map((entry) => [moduleName(entry), entry])),
  treeshake: { moduleSideEffects: false },
  plugins: [typescript(copies(atBeginning, ofClient, entries[1]))],
  external: isExternal,
  onwarn: refuse,
})
for (const [format, ending] of /** @type {const} */ ([
  ['es', '.js'],
  ['cjs', '.cjs'],
])) {
  await build.write({
    dir: dist,
    format,
    sourcemap: format === 'es',
    // Test runners run CommonJS where nothing can be imported.
    dynamicImportInCjs: false,
    minifyInternalExports: false,
    hoistTransitiveImports: false,
    onlyExplicitManualChunks: true,
    entryFileNames: `[name]${ending}`,
    chunkFileNames: ({ name, facadeModuleId }) =>
      (facadeModuleId ? moduleName(facadeModuleId) : name) + ending,
    manualChunks: (id) => (atBeginning.has(id) ? 'beginning' : ofClient.has(id) ? 'client' : undefined),
    plugins: format === 'es' ? [narrowEntries()] : [],
  })
}
await build.close()

/**
 * An entry hands on names and holds nothing itself. esbuild counts all that an entry hands on as loaded with it, used or
 * not, unless each name is made anew in a file of its own.
 * @returns {import('rollup').Plugin}
 */
function narrowEntries() {
  return {
    name: 'narrow-entries',

    generateBundle(_, bundle) {
      const chunk = chunksOf(bundle).find(({ facadeModuleId }) => facadeModuleId === entries[0])
      if (!chunk) throw new Error('There is no entry to narrow')
      let count = 0
      chunk.code = chunk.code.replace(
        /^export \{ ([^}]*) \} from '([^']+)';$/gm,
        (_line, /** @type {string} */ list, /** @type {string} */ from) => {
          const names = list.split(', ').map((name) => name.split(' as '))
          const path = `exports/${basename(from, '.js')}-${++count}.js`
          const origin = from.startsWith('.') ? posix.join('..', from) : from
          const source = [
            `import { ${names.map(([inner, name = inner]) => `${inner} as ${name}$`).join(', ')} } from '${origin}';`,
            ...names.map(([inner, name = inner]) => `export const ${name} = ${name}$;`),
            '',
          ].join('\n')
          this.emitFile({ type: 'asset', fileName: path, source })
          return `export { ${names.map(([inner, name = inner]) => name).join(', ')} } from './${path}';`
        },
      )
    },
  }
}

/**
 * @param {OutputBundle} bundle
 * @returns {OutputChunk[]}
 */
function chunksOf(bundle) {
  return Object.values(bundle).flatMap((one) => (one.type === 'chunk' ? [one] : []))
}
