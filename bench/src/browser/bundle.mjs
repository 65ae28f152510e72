/** Puts a page's script and a library together as an application's bundler does. */
import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { build } from 'esbuild'

const bench = fileURLToPath(new URL('../..', import.meta.url))
const source = (path) => fileURLToPath(new URL(`../../../packages/${path}`, import.meta.url))

/** `--sources` measures what is in `src` rather than what `npm run build` has made of it. */
const fromSources = {
  '@sluice/browser': source('browser/src/index.ts'),
  '@sluice/core/internal': source('core/src/internal.ts'),
  '@sluice/core': source('core/src/index.ts'),
}

/**
 * Bundles `pages/<page>.js`, whose `library` is the given one: ES modules, minified, what is imported on first use in
 * files of its own.
 * @returns the files by name, the script to begin with, and those it cannot begin without.
 */
export async function bundle(page, library, options = {}) {
  const isFromSources = process.argv.includes('--sources')
  const { outputFiles, metafile } = await build({
    absWorkingDir: bench,
    entryPoints: [`src/browser/pages/${page}.js`],
    outdir: '/scripts',
    entryNames: '[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    minify: true,
    platform: 'browser',
    target: 'es2022',
    define: { 'process.env.NODE_ENV': '"production"' },
    alias: { library: library && isFromSources ? (fromSources[library] ?? library) : (library ?? 'none') },
    plugins: isFromSources ? [aliases] : [],
    write: false,
    metafile: true,
    logLevel: 'warning',
    ...options,
  })
  const files = new Map(outputFiles.map(({ path, contents }) => [basename(path), Buffer.from(contents)]))
  const outputs = Object.entries(metafile.outputs).map(([path, output]) => ({
    file: basename(path),
    ...output,
  }))
  const entry = outputs.find(({ entryPoint }) => entryPoint?.endsWith(`pages/${page}.js`)).file
  return { files, entry, initial: initialFiles(outputs, entry), describe: (file) => describe(outputs, file) }
}

/** The version of a library that is installed here. */
export function versionOf(library) {
  const path = new URL(`../../node_modules/${library}/package.json`, import.meta.url)
  return JSON.parse(readFileSync(path, 'utf8')).version
}

/** Bytes of files together, each compressed by itself, as servers do. */
export function sizeOf(files) {
  const sum = (size) => files.reduce((total, file) => total + size(file), 0)
  return {
    bytes: sum((file) => file.length),
    gzip: sum((file) => gzipSync(file, { level: 9 }).length),
    brotli: sum((file) => brotliCompressSync(file).length),
  }
}

const aliases = {
  name: 'sources of core',
  setup(builder) {
    builder.onResolve({ filter: /^@sluice\/core(\/internal)?$/ }, ({ path }) => ({ path: fromSources[path] }))
  },
}

function initialFiles(outputs, entry) {
  const found = new Set([entry])
  for (const file of found) {
    const { imports } = outputs.find((output) => output.file === file)
    for (const { path, kind } of imports) if (kind === 'import-statement') found.add(basename(path))
  }
  return [...found]
}

/** A name for people: the module that the file was made for, or else the largest in it. */
function describe(outputs, file) {
  const { entryPoint, inputs } = outputs.find((output) => output.file === file)
  const bySize = Object.entries(inputs).sort(([, a], [, b]) => b.bytesInOutput - a.bytesInOutput)
  const path = entryPoint ?? bySize[0]?.[0] ?? file
  const name = path.replace(/^.*\/(dist|src)\/(pkg\/)?/, '').replace(/(-[A-Z0-9]{8})?\.[jt]s$/, '')
  return entryPoint ? name : `shared: ${name} and ${Object.keys(inputs).length - 1} more`
}
