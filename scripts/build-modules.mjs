/**
 * Builds a package as one file for each module: `node build-modules.mjs src/index.ts`. Whoever bundles an application puts
 * whole files into chunks, so of a package in one file nothing can be loaded later than the rest.
 *
 * Writes ES modules, the same as `.cjs` for `require`, and the types of the entries.
 */
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, posix, relative, resolve, sep } from 'node:path'
import { transform } from 'esbuild'
import { rollup } from 'rollup'
import { runTool } from './lib/run.mjs'
import { readWorkspace } from './lib/workspace.mjs'

/**
 * @typedef {import('rollup').OutputBundle} OutputBundle
 * @typedef {import('rollup').OutputChunk} OutputChunk
 */

const folder = process.cwd()
const dist = join(folder, 'dist')
const entries = process.argv.slice(2).map((entry) => resolve(entry))

/**
 * Packages of ours whose modules can be imported one by one, as `<name>/internal/<module>`. What is imported from their
 * entries is imported from its module instead, so that no more of them is loaded than is used.
 */
const opened = readWorkspace().filter(
  (one) => one.folder !== folder && one.manifest.exports?.['./internal/*'] !== undefined,
)

rmSync(dist, { recursive: true, force: true })
await runTool('tsup', [], { cwd: folder })
for (const file of readdirSync(dist).filter((name) => name.endsWith('.d.ts'))) {
  const types = readFileSync(join(dist, file), 'utf8').replace(/(["']\.\/[\w.-]+)\.js(["'])/g, '$1.cjs$2')
  writeFileSync(join(dist, file.replace('.d.ts', '.d.cts')), types)
}

const build = await rollup({
  input: Object.fromEntries(entries.map((entry) => [moduleName(entry), entry])),
  treeshake: { moduleSideEffects: false },
  plugins: [typescript()],
  external: (id) => !/^[./]/.test(id) && !opened.some(({ name }) => id === name || id === `${name}/internal`),
  onwarn(warning) {
    throw new Error(warning.message)
  },
})
for (const [format, ending] of /** @type {const} */ ([
  ['es', '.js'],
  ['cjs', '.cjs'],
])) {
  await build.write({
    dir: dist,
    format,
    preserveModules: true,
    sourcemap: format === 'es',
    entryFileNames: ({ facadeModuleId }) => moduleName(String(facadeModuleId)) + ending,
    plugins: [importFromOpened(), ...(format === 'es' ? [narrowEntries()] : [])],
  })
}
await build.close()

/**
 * What a module is called: its path below `src`, or for what lies elsewhere a path that leads nowhere else.
 * @param {string} file
 */
function moduleName(file) {
  const path = relative(join(folder, 'src'), file).split(sep).join('/')
  return path.replace(/\.\w+$/, '').replaceAll('../', '_/')
}

/** @returns {import('rollup').Plugin} */
function typescript() {
  return {
    name: 'typescript',

    resolveId(id, importer) {
      const owner = opened.find(({ name }) => id === name || id === `${name}/internal`)
      if (owner) return join(owner.folder, 'src', id === owner.name ? 'index.ts' : 'internal.ts')
      if (!importer || !id.startsWith('.')) return null
      const path = resolve(dirname(importer), id)
      return existsSync(`${path}.ts`) ? `${path}.ts` : path
    },

    load(id) {
      const text = readFileSync(id, 'utf8')
      // Of a manifest, the version is all that anybody wants.
      if (id.endsWith('.json')) return `export const version = ${JSON.stringify(JSON.parse(text).version)}`
      return transform(text, {
        loader: 'ts',
        target: 'es2022',
        sourcemap: true,
        sourcefile: id,
        tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true, useDefineForClassFields: true } },
      })
    },
  }
}

/** Leaves out the modules of opened packages, and imports them from where they are published. */
function importFromOpened() {
  /** @param {string | null} file */
  const publishedName = (file) => {
    const owner = opened.find((one) => file?.startsWith(join(one.folder, 'src') + sep))
    if (!owner || !file) return undefined
    const path = relative(join(owner.folder, 'src'), file).split(sep).join('/')
    return `${owner.name}/internal/${path.replace(/\.ts$/, '')}`
  }
  return {
    name: 'import-from-opened',

    /**
     * @param {unknown} _
     * @param {OutputBundle} bundle
     */
    generateBundle(_, bundle) {
      const chunks = chunksOf(bundle)
      const published = new Map(
        chunks.map(({ fileName, facadeModuleId }) => [fileName, publishedName(facadeModuleId)]),
      )
      for (const chunk of chunks) {
        if (published.get(chunk.fileName)) {
          delete bundle[chunk.fileName]
          continue
        }
        for (const imported of chunk.imports) {
          const name = published.get(imported)
          if (name)
            chunk.code = chunk.code.replaceAll(`'${pathBetween(chunk.fileName, imported)}'`, `'${name}'`)
        }
      }
    },
  }
}

/**
 * An entry hands on names and holds nothing itself. esbuild counts all that an entry hands on as loaded with it, used or
 * not, unless each name is made anew in a file of its own.
 */
function narrowEntries() {
  return {
    name: 'narrow-entries',

    /**
     * @this {import('rollup').PluginContext}
     * @param {unknown} _
     * @param {OutputBundle} bundle
     */
    generateBundle(_, bundle) {
      const chunks = chunksOf(bundle)
      if (!chunks.some(({ dynamicImports }) => dynamicImports.length > 0)) return
      for (const chunk of chunks.filter(({ facadeModuleId }) => entries.includes(String(facadeModuleId)))) {
        let count = 0
        chunk.code = chunk.code.replace(
          /^export \{ ([^}]*) \} from '([^']+)';$/gm,
          (_line, /** @type {string} */ list, /** @type {string} */ from) => {
            const names = list.split(', ').map((name) => /** @type {const} */ ([name, `${name}$`]))
            const path = `exports/${basename(from, '.js')}-${++count}.js`
            const origin = from.startsWith('.') ? posix.join('..', from) : from
            const source = [
              `import { ${names.map(([name, inner]) => `${name} as ${inner}`).join(', ')} } from '${origin}';`,
              ...names.map(([name, inner]) => `export const ${name} = ${inner};`),
              '',
            ].join('\n')
            this.emitFile({ type: 'asset', fileName: path, source })
            return `export { ${list} } from './${path}';`
          },
        )
      }
    },
  }
}

/**
 * @param {OutputBundle} bundle
 * @returns {OutputChunk[]}
 */
function chunksOf(bundle) {
  return Object.values(bundle).flatMap((one) => (one.type === 'chunk' ? [one] : []))
}

/**
 * How one file imports another.
 * @param {string} from
 * @param {string} to
 */
function pathBetween(from, to) {
  const path = posix.relative(posix.dirname(from), to)
  return path.startsWith('.') ? path : `./${path}`
}
