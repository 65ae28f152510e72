/**
 * Puts packages and all they need into files of ours, one for each: `node bundle-packages.mjs dist/vendor fastify`. Who
 * installs us then installs none of them, whatever versions of Node their dependencies ask for next.
 *
 * The files are CommonJS, as most of these packages are: ES modules and CommonJS can both load that. `licenses.txt`
 * beside them holds the terms.
 */
import { writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { build } from 'esbuild'
import { licenseOf } from './lib/license-of.mjs'

const [target = 'dist/vendor', ...names] = process.argv.slice(2)
const { resolve: find } = createRequire(join(process.cwd(), 'package.json'))

const { metafile } = await build({
  entryPoints: names.map((name) => ({ in: find(name), out: name.replace(/^@/, '').replaceAll('/', '-') })),
  outdir: target,
  outExtension: { '.js': '.cjs' },
  bundle: true,
  format: 'cjs',
  platform: 'node',
  target: 'node20',
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
})
const folders = Object.keys(metafile.inputs).flatMap(
  (path) => /.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(resolve(path)) ?? [],
)
writeFileSync(join(target, 'licenses.txt'), [...new Set(folders)].sort().map(licenseOf).join('\n\n'))
