/** Bundles an import as an application would, and weighs what is loaded with it and what is loaded later. */
import { basename, join } from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { root } from '../../lib/workspace.mjs'

/**
 * @typedef {{ minified: number, gzip: number, brotli: number }} Bytes
 *
 * @typedef {object} Measured
 * @property {Bytes} first Of the first chunk and those it imports statically.
 * @property {{ name: string, bytes: Bytes }[]} later For each dynamic import, what it brings besides these.
 */

/**
 * @param {import('../sizes.mjs').BundleBudget} budget
 * @returns {Promise<Measured>}
 */
export async function measureBundle({ code, from, platform, conditions }) {
  const { metafile, outputFiles } = await build({
    stdin: { contents: code, resolveDir: join(root, from) },
    bundle: true,
    minify: true,
    splitting: true,
    treeShaking: true,
    format: 'esm',
    target: 'es2022',
    platform,
    conditions,
    absWorkingDir: root,
    outdir: 'bundle',
    write: false,
    metafile: true,
    logLevel: 'silent',
  })
  const contents = new Map(outputFiles.map(({ path, contents }) => [path, contents]))
  const weigh = (/** @type {string[]} */ chunks) =>
    sum(chunks.map((chunk) => weighOne(contents.get(join(root, chunk)) ?? new Uint8Array())))

  const entries = Object.entries(metafile.outputs).filter(([, { entryPoint }]) => entryPoint)
  const first = String(entries.find(([, { entryPoint }]) => entryPoint === '<stdin>')?.[0])
  const atOnce = loadedWith(first, metafile)
  /** @type {Map<string, Set<string>>} */
  const later = new Map()
  for (const [chunk, { entryPoint = '' }] of entries) {
    if (atOnce.has(chunk)) continue
    const name = nameOf(entryPoint)
    later.set(name, loadedWith(chunk, metafile, later.get(name)))
  }
  return {
    first: weigh([...atOnce]),
    later: [...later].map(([name, chunks]) => ({
      name,
      bytes: weigh([...chunks].filter((chunk) => !atOnce.has(chunk))),
    })),
  }
}

/**
 * A chunk and what it imports statically.
 * @param {string} chunk
 * @param {import('esbuild').Metafile} metafile
 * @param {Set<string>} seen
 */
function loadedWith(chunk, metafile, seen = new Set()) {
  if (seen.has(chunk)) return seen
  seen.add(chunk)
  for (const { path, kind } of metafile.outputs[chunk]?.imports ?? []) {
    if (kind === 'import-statement' && path in metafile.outputs) loadedWith(path, metafile, seen)
  }
  return seen
}

/**
 * @param {Uint8Array} content
 * @returns {Bytes}
 */
export const weighOne = (content) => ({
  minified: content.length,
  gzip: gzipSync(content, { level: 9 }).length,
  brotli: brotliCompressSync(content).length,
})

/**
 * Each file is compressed by itself, as servers do.
 * @param {Bytes[]} all
 */
const sum = (all) =>
  all.reduce(
    (total, { minified, gzip, brotli }) => ({
      minified: total.minified + minified,
      gzip: total.gzip + gzip,
      brotli: total.brotli + brotli,
    }),
    { minified: 0, gzip: 0, brotli: 0 },
  )

/**
 * What a chunk is called: after its package, or for one of ours after its module, without what the build put behind it.
 * @param {string} file
 */
function nameOf(file) {
  const name = packageOf(file)
  return name === file ? basename(file).replace(/(-[A-Z0-9]{8})?\.\w+$/, '') : name
}

/**
 * The package that a file was taken from: the name after its last `node_modules`.
 * @param {string} file
 */
const packageOf = (file) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? file
