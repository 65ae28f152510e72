/**
 * Builds the library as a classic script and the chunks that it loads when they are needed, all in one folder:
 *
 *     sluice.min.js       all that a first event needs, in one request
 *     sluice-<name>.js    the rest
 *
 * A classic script has no `import` statement and its chunks could not import from it, so chunks are functions that are
 * handed what they need. They are ES modules all the same, because `import()` passes on the nonce of the script.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { build, transform } from 'esbuild'
import { rollup } from 'rollup'
import { readWorkspace, root } from './workspace.mjs'

const entry = join(root, 'packages/browser/src/standalone.ts')

/** What the client waits for anyway comes in the same request. */
const together = /^(standalone|complete|deferred-request)\b/

/** Packages of ours are bundled from their sources, so that what nobody uses is left out. */
const alias = Object.fromEntries(
  readWorkspace().flatMap(({ name, path }) =>
    name === '@sluice/core'
      ? [
          [`${name}/internal`, join(root, path, 'src/internal.ts')],
          [name, join(root, path, 'src/index.ts')],
        ]
      : [],
  ),
)

/** @param {string} folder Where the files go. */
export async function buildStandalone(folder) {
  mkdirSync(folder, { recursive: true })
  for (const [file, code] of await standaloneFiles()) writeFileSync(join(folder, file), code)
}

/** @returns {Promise<Map<string, string>>} By name, `sluice.min.js` first. */
export async function standaloneFiles() {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    splitting: true,
    format: 'esm',
    target: 'es2022',
    platform: 'browser',
    outdir: '/',
    alias,
    write: false,
    logLevel: 'silent',
    plugins: [versionOnly],
  })
  const modules = new Map(outputFiles.map(({ path, text }) => [basename(path), text]))
  const bundle = await rollup({
    input: 'standalone.js',
    plugins: [
      {
        name: 'in-memory',
        resolveId: (id) => basename(id),
        load: (id) => modules.get(id) ?? null,
      },
    ],
    treeshake: { moduleSideEffects: false },
    onwarn(warning) {
      throw new Error(warning.message)
    },
  })
  const { output } = await bundle.generate({
    format: 'amd',
    entryFileNames: 'sluice.min.js',
    // Without the hash that the first half of the build gave it.
    chunkFileNames: ({ name }) => `sluice-${name.replace(/-[A-Z0-9]{8}$/, '')}-[hash].js`,
    manualChunks: (id) => (together.test(id) ? 'standalone' : undefined),
    minifyInternalExports: true,
    amd: { forceJsExtensionForImports: true },
    generatedCode: 'es2015',
    interop: 'esModule',
    strict: false,
    externalLiveBindings: false,
    esModule: false,
    freeze: false,
  })
  await bundle.close()
  /** @type {Map<string, string>} */
  const files = new Map()
  for (const chunk of output) {
    if (chunk.type !== 'chunk') throw new Error(`${chunk.fileName} is no chunk`)
    const code = chunk.isEntry ? classicScript(chunk.code) : `export default define => ${chunk.code}`
    const { code: minified } = await transform(code, { minify: true, target: 'es2022' })
    files.set(chunk.fileName, minified)
  }
  return files
}

/**
 * Runs at once, and loads chunks from where it came from itself.
 * @param {string} code
 */
const classicScript = (code) => `(() => {
  "use strict"
  const main = {}
  const chunks = {}
  const base = document.currentScript?.src || document.baseURI
  const load = (name) => name === './sluice.min.js' ? main : (chunks[name] ??= import(new URL(name, base).href).then(
    (chunk) => {
      const exports = {}
      return chunk.default(async (needs, run) => run(...await Promise.all(needs.map(give(exports))))).then(() => exports)
    },
  ).catch((reason) => {
    delete chunks[name]
    throw reason
  }))
  const require = (names, resolve, reject) => {
    Promise.all(names.map(load)).then((found) => resolve(...found), reject)
  }
  const give = (exports) => (name) => name === 'require' ? require : name === 'exports' ? exports : load(name)
  const define = (needs, run) => run(...needs.map(give(main)))
  ${code}
})()`

/** Of a manifest, the version is all that anybody wants. @type {import('esbuild').Plugin} */
const versionOnly = {
  name: 'version-only',
  setup({ onLoad }) {
    onLoad({ filter: /package\.json$/ }, ({ path }) => ({
      contents: `export const version = ${JSON.stringify(JSON.parse(readFileSync(path, 'utf8')).version)}`,
      loader: 'js',
    }))
  },
}
