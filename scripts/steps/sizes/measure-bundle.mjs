/** Bundles an import as an application would, and weighs what is loaded with it. */
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { root } from '../../lib/workspace.mjs'

/**
 * @param {import('../sizes.mjs').Budget} budget
 * @returns {Promise<{ minifiedBytes: number, gzipBytes: number, packages: Set<string> }>} Of the first chunk and those it imports statically.
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
  const first = Object.entries(metafile.outputs).find(([, output]) => output.entryPoint === '<stdin>')?.[0]
  const chunks = [...loadedWith(String(first), metafile)]
  const contents = outputFiles.filter(({ path }) => chunks.some((chunk) => path === join(root, chunk)))
  const sum = (/** @type {(content: Uint8Array) => number} */ size) =>
    contents.reduce((total, file) => total + size(file.contents), 0)
  return {
    minifiedBytes: sum((content) => content.length),
    gzipBytes: sum((content) => gzipSync(content, { level: 9 }).length),
    packages: new Set(
      chunks.flatMap((chunk) => Object.keys(metafile.outputs[chunk]?.inputs ?? {}).map(packageOf)),
    ),
  }
}

/**
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
 * The package that a file was taken from: the name after its last `node_modules`.
 * @param {string} file
 */
const packageOf = (file) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? file
