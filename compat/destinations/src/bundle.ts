import { fileURLToPath } from 'node:url'
import { type BuildOptions, build } from 'esbuild'

export type Library = 'segment' | 'sluice'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const root = (path: string) => here(`../../../${path}`)

/** The same import, answered by one library or by the other. */
const aliases: Record<Library, Record<string, string>> = {
  segment: {},
  sluice: {
    '@segment/analytics-next': root('packages/browser/src/index.ts'),
    '@sluice/core/internal': root('packages/core/src/internal.ts'),
    '@sluice/core': root('packages/core/src/index.ts'),
  },
}

/** Puts the scripts of pages into `folder`, as an application's bundler would; and destinations as the CDN has them. */
export async function bundleScripts(folder: string): Promise<void> {
  const applications = Object.entries(aliases).map(([library, alias]) =>
    build({
      ...options,
      entryPoints: [here('page/shop.ts')],
      outdir: `${folder}/${library}`,
      format: 'esm',
      splitting: true,
      alias,
    }),
  )
  const destinations = ['amplitude', 'hotjar'].map((name) =>
    build({
      ...options,
      stdin: { contents: inFormatOfCDN(name), resolveDir: here('.') },
      outfile: `${folder}/classic/${name}.dynamic.js`,
      format: 'iife',
    }),
  )
  const recorder = build({
    ...options,
    entryPoints: [here('page/recorder.ts')],
    outdir: folder,
    format: 'iife',
  })
  await Promise.all([...applications, ...destinations, recorder])
}

/** A destination of the first generation, behind a loader that needs a script of its own. */
const inFormatOfCDN = (name: string) => `
  window['${name}Deps'] = ['/integrations/vendor/commons.js']
  window['${name}Loader'] = () => {
    if (!window.commonsOfCDN) throw new Error('What ${name} depends on was not loaded')
    window['${name}Integration'] = require('@segment/analytics.js-integration-${name}')
  }`

const options: BuildOptions = {
  bundle: true,
  minify: true,
  platform: 'browser',
  target: 'es2022',
  // What destinations of the first generation find in the bundler that they were written for.
  define: { 'process.env.NODE_ENV': '"production"', global: 'globalThis' },
  logLevel: 'warning',
}
