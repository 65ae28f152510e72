/** Bundles a small program in a project with the tools that applications are built with. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import * as esbuild from 'esbuild'
import webpack from 'webpack'
import { run } from '../../lib/run.mjs'
import { root } from '../../lib/workspace.mjs'

/**
 * @typedef {object} BundledUse
 * @property {string} name
 * @property {string} code An ES module. Its bundle is run in Node afterwards, as servers do that render pages.
 * @property {string} later Some words of the library that must not be in the first file, but in one that is loaded later.
 *
 * @typedef {(entry: string, folder: string) => Promise<unknown>} Bundler Its first file is `entry.js`.
 */

/** @type {Record<string, Bundler>} */
const bundlers = {
  esbuild: (entry, folder) =>
    esbuild.build({
      entryPoints: [entry],
      outdir: folder,
      bundle: true,
      splitting: true,
      format: 'esm',
      logLevel: 'silent',
    }),

  async 'Vite 7'(entry, folder) {
    const { build } = await importVite()
    await build({
      configFile: false,
      root: join(folder, '..'),
      logLevel: 'silent',
      build: {
        outDir: folder,
        minify: false,
        rollupOptions: { input: entry, output: { entryFileNames: 'entry.js', chunkFileNames: '[name].js' } },
        modulePreload: false,
      },
    })
  },

  webpack: (entry, folder) =>
    new Promise((resolve, reject) => {
      const config = {
        mode: /** @type {const} */ ('production'),
        target: 'es2022',
        entry,
        // Chunks are imported as modules, which Node can do as well as browsers.
        output: { path: folder, filename: 'entry.js', module: true, chunkLoading: 'import' },
        experiments: { outputModule: true },
        optimization: { minimize: false },
      }
      webpack(config, (cause, stats) => {
        if (cause) reject(cause)
        else if (stats?.hasErrors()) reject(new Error(stats.toString('errors-only')))
        else resolve(undefined)
      })
    }),
}

/** The Vite of the example, which is another than the one that runs our tests. */
async function importVite() {
  const { resolve } = createRequire(join(root, 'examples/web-bundler/package.json'))
  const manifest = resolve('vite/package.json')
  /** @type {{ build(options: object): Promise<unknown> }} */
  const vite = await import(pathToFileURL(join(manifest, '../dist/node/index.js')).href)
  return vite
}

/**
 * @param {string} project
 * @param {BundledUse} use
 * @param {import('../../lib/report.mjs').Report} report
 */
export async function bundleInProject(project, { name, code, later }, report) {
  const entry = join(project, 'entry.js')
  writeFileSync(entry, code)
  for (const [tool, bundle] of Object.entries(bundlers)) {
    await report.check(`${name} bundled with ${tool}`, async () => {
      const folder = join(project, `bundled-${tool.replace(/\W/g, '')}`)
      await bundle(entry, folder)
      const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
        file.endsWith('.js'),
      )
      const holds = (/** @type {string} */ file) => readFileSync(join(folder, file), 'utf8').includes(later)
      if (holds('entry.js')) throw new Error(`${later} is in the first file`)
      if (!files.some(holds)) throw new Error(`${later} is in none of ${files.join(', ')}`)
      writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module' }))
      await run(process.execPath, [join(folder, 'entry.js')])
      return `${files.length} files`
    })
  }
}
