/** Builds the browser library without anything that puts scripts on the page: for extensions, in one file that holds it all. */
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { rollup } from 'rollup'
import { isExternal, refuse, source, typescript } from './browser-modules.mjs'

const loader = source('page-script/load-script.ts')
const substitute = source('page-script/no-scripts.ts')

/** @param {string} folder Of the built library, whose types serve this one as well. */
export async function buildNoRemote(folder) {
  const build = await rollup({
    input: { 'no-remote': source('index.ts') },
    treeshake: { moduleSideEffects: false },
    plugins: [typescript((path) => (path === loader ? substitute : path))],
    external: isExternal,
    onwarn: refuse,
  })
  for (const [format, ending] of /** @type {const} */ ([
    ['es', '.js'],
    ['cjs', '.cjs'],
  ])) {
    // Workers of extensions cannot load code later.
    await build.write({ dir: folder, format, inlineDynamicImports: true, entryFileNames: `[name]${ending}` })
    const types = format === 'es' ? 'd.ts' : 'd.cts'
    if (existsSync(join(folder, `index.${types}`)))
      writeFileSync(join(folder, `no-remote.${types}`), `export * from './index${ending}'\n`)
  }
  await build.close()
}
