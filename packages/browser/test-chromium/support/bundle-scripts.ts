import { fileURLToPath } from 'node:url'
import { type BuildOptions, build } from 'esbuild'
import { buildStandalone } from '../../../../scripts/lib/build-standalone.mjs'

declare module 'vitest' {
  interface ProvidedContext {
    /** Folder of the bundled scripts. */
    scripts: string
  }
}

const root = (path: string) => fileURLToPath(new URL(`../../../../${path}`, import.meta.url))
const script = (name: string) => fileURLToPath(new URL(`./scripts/${name}.ts`, import.meta.url))

/**
 * Puts the scripts of pages and workers into `folder`, as an application's bundler would: what the library imports on
 * first use is a file of its own. Service workers may not import on first use, so theirs are also there as one file each.
 * The classic script is in a folder of its own.
 *
 * With `LIBRARY_UNDER_TEST` they use another library, to see that the tests can fail:
 * `LIBRARY_UNDER_TEST=compat/node_modules/@segment/analytics-next`.
 */
export async function bundleScripts(folder: string): Promise<void> {
  const inChunks = ['shop', 'worker', 'shared-worker', 'service-worker', 'offline', 'links-and-forms']
  await build({ ...options, entryPoints: inChunks.map(script), outdir: folder, splitting: true })
  await build({ ...options, entryPoints: [script('service-worker')], outdir: `${folder}/one-file` })
  await buildStandalone(`${folder}/standalone`)
}

const options: BuildOptions = {
  bundle: true,
  format: 'esm',
  minify: true,
  platform: 'browser',
  target: 'es2022',
  define: { 'process.env.NODE_ENV': '"production"' },
  alias: {
    '@sluice/browser': root(process.env.LIBRARY_UNDER_TEST ?? 'packages/browser/src/index.ts'),
    '@sluice/core/internal': root('packages/core/src/internal.ts'),
    '@sluice/core': root('packages/core/src/index.ts'),
  },
  logLevel: 'warning',
}
