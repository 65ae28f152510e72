/**
 * Builds the library as a classic script and the chunks that it loads when they are needed, all in one folder:
 *
 *     sluice.min.js       what takes calls
 *     sluice-<name>.js    the rest: the client is asked for at once, the others when they are needed
 *     licenses.txt        terms of the packages that are in these
 *
 * A classic script has no `import` statement and its chunks could not import from it, so chunks are functions that are
 * handed what they need. They are loaded as ES modules all the same, because `import()` passes on the nonce of the script;
 * but for pages that are files on a device, where browsers load classic scripts alone.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { build } from 'esbuild'
import { rollup } from 'rollup'
import { minify } from 'terser'
import {
  client,
  copies,
  folder,
  isExternal,
  modulesOf,
  refuse,
  source,
  typescript,
} from './browser-modules.mjs'
import { licenseOf } from './license-of.mjs'

const entry = source('standalone.ts')

/** @param {string} target Where the files go. */
export async function buildStandalone(target) {
  mkdirSync(target, { recursive: true })
  /** @type {Set<string>} */
  const bundled = new Set()
  for (const [file, code] of await standaloneFiles(bundled)) writeFileSync(join(target, file), code)
  writeFileSync(join(target, 'licenses.txt'), [...bundled].sort().map(licenseOf).join('\n\n'))
}

/**
 * @param {Set<string>} [bundled] Gets the folders of the packages whose code is in these files.
 * @returns {Promise<Map<string, string>>} By name, `sluice.min.js` first.
 */
export async function standaloneFiles(bundled = new Set()) {
  const atBeginning = await modulesOf(entry)
  const ofClient = await modulesOf(client)
  const bundle = await rollup({
    input: entry,
    // Chunks import from the file of the entry, too.
    preserveEntrySignatures: 'allow-extension',
    plugins: [packages(bundled), typescript(copies(atBeginning, ofClient))],
    treeshake: { moduleSideEffects: false },
    onwarn: refuse,
  })
  const { output } = await bundle.generate({
    format: 'amd',
    entryFileNames: 'sluice.min.js',
    chunkFileNames: ({ name }) => `sluice-${name.replace(/\?.*/, '')}-[hash].js`,
    manualChunks: (id) =>
      atBeginning.has(id) || id === 'dset' ? 'standalone' : ofClient.has(id) ? 'client' : undefined,
    onlyExplicitManualChunks: true,
    minifyInternalExports: true,
    amd: { forceJsExtensionForImports: true },
    generatedCode: { preset: 'es2015', symbols: false },
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
    const code = chunk.isEntry
      ? classicScript(chunk.code)
      : `(globalThis[${chunksKey}] ??= {})['./${chunk.fileName}'] = define => ${chunk.code}`
    const { code: minified = '' } = await minify(code, {
      ecma: 2020,
      compress: { passes: 5, unsafe_arrows: true },
    })
    files.set(chunk.fileName, minified)
  }
  return files
}

/** Chunks leave their functions here, by name: whoever loads them may not see what modules export. */
const chunksKey = `Symbol.for('sluice.chunks')`

/**
 * Runs at once, and loads chunks from where it came from itself. The entry tells, when it has run; otherwise an address without
 * a base is taken by the browser from where the script that asks for it came from: for a module, that is this file.
 * @param {string} code
 */
const classicScript = (code) => `(() => {
  "use strict"
  const main = {}
  const chunks = {}
  const chunksKey = ${chunksKey}
  // Files on a device are no modules for browsers.
  const fetchChunk = (url) => url.startsWith('file:') ? new Promise((onload, onerror) => {
    main.ofPage('head').append(Object.assign(main.ofPage('createElement')('script'), { src: url, onload, onerror }))
  }) : import(url)
  const load = (name) => name === './sluice.min.js' ? main : (chunks[name] ??= Promise.resolve().then(
    () => fetchChunk(main.address ? new URL(name, main.address).href : name)
  ).then(
    () => {
      const exports = {}
      return globalThis[chunksKey][name](async (needs, run) => run(...await Promise.all(needs.map(give(exports))))).then(() => exports)
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

/**
 * Packages that are not ours, as one module each: some are CommonJS.
 * @param {Set<string>} folders
 * @returns {import('rollup').Plugin}
 */
function packages(folders) {
  return {
    name: 'packages',
    resolveId: (id) => (isExternal(id) ? { id, external: false } : null),
    async load(id) {
      if (!isExternal(id)) return null
      const bundled = await bundlePackage(`export * from '${id}'`)
      for (const one of bundled.folders) folders.add(one)
      if (bundled.names.length > 0) return bundled.code
      // The names of a CommonJS module are known when it runs.
      const { code } = await bundlePackage(`import * as all from '${id}'; export default all`)
      return { code, syntheticNamedExports: true }
    },
  }
}

/** @param {string} contents */
async function bundlePackage(contents) {
  const { outputFiles, metafile } = await build({
    stdin: { contents, resolveDir: folder },
    bundle: true,
    format: 'esm',
    target: 'es2022',
    platform: 'browser',
    write: false,
    metafile: true,
    logLevel: 'silent',
  })
  const names = Object.values(metafile.outputs).flatMap((output) => output.exports)
  const folders = Object.keys(metafile.inputs).flatMap(
    (path) => /.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(resolve(path)) ?? [],
  )
  return { code: outputFiles[0]?.text ?? '', names, folders }
}
