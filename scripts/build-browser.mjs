/**
 * Builds the browser library: `node build-browser.mjs`, in its folder.
 *
 * Bundlers put whole files into chunks, and make a chunk of its own for whatever several chunks share. So that a page
 * begins with one file, goes on with a second, and asks for no crumbs between them, the library is published in few files:
 * what a page begins with, what it imports right after, the client, and one file for each thing that is imported on
 * first use. These share the first file; what else they have in common each of them has for itself.
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
const source = (/** @type {string} */ name) => join(folder, 'src', name)

/** What applications import. */
const entries = [source('index.ts'), source('snippet.ts')]
/** What a page begins with. */
const beginning = source('analytics-browser.ts')
/** The client, which applications may import as well. */
const client = source('complete.ts')

/** Packages of ours whose code becomes part of this one. */
const opened = readWorkspace().filter(({ name }) => name === '@sluice/core')

/** A module that keeps something, or makes what is only equal to itself: there must be one of it on a page. */
const isOneOfAKind =
  /^(export )?(let |const \w+(: [^=]+)? = (\/\*.*?\*\/ )?(new (Weak)?(Map|Set)\b|create\w+\(|Symbol\())/m

rmSync(dist, { recursive: true, force: true })
await runTool('tsup', [], { cwd: folder })
for (const file of readdirSync(dist).filter((name) => name.endsWith('.d.ts'))) {
  const types = readFileSync(join(dist, file), 'utf8').replace(/(["']\.\/[\w.-]+)\.js(["'])/g, '$1.cjs$2')
  writeFileSync(join(dist, file.replace('.d.ts', '.d.cts')), types)
}

const atBeginning = await modulesOf(beginning)
const ofClient = await modulesOf(client)

const build = await rollup({
  input: Object.fromEntries(entries.map((entry) => [moduleName(entry), entry])),
  treeshake: { moduleSideEffects: false },
  plugins: [typescript(copies)],
  external: isExternal,
  onwarn: refuse,
})
for (const [format, ending] of /** @type {const} */ ([
  ['es', '.js'],
  ['cjs', '.cjs'],
])) {
  await build.write({
    dir: dist,
    format,
    sourcemap: format === 'es',
    minifyInternalExports: false,
    hoistTransitiveImports: false,
    onlyExplicitManualChunks: true,
    entryFileNames: `[name]${ending}`,
    chunkFileNames: ({ name, facadeModuleId }) =>
      (facadeModuleId ? moduleName(facadeModuleId) : name) + ending,
    manualChunks: (id) => (atBeginning.has(id) ? 'beginning' : ofClient.has(id) ? 'client' : undefined),
    plugins: format === 'es' ? [narrowEntries()] : [],
  })
}
await build.close()

/**
 * A module and all that it needs to begin with.
 * @param {string} entry
 */
async function modulesOf(entry) {
  const graph = await rollup({
    input: entry,
    treeshake: { moduleSideEffects: false },
    plugins: [typescript((path) => path)],
    external: isExternal,
    onwarn: refuse,
  })
  const { output } = await graph.generate({})
  await graph.close()
  const chunks = new Map(output.flatMap((chunk) => (chunk.type === 'chunk' ? [[chunk.fileName, chunk]] : [])))
  const files = new Set([output[0].fileName])
  for (const file of files)
    for (const imported of chunks.get(file)?.imports ?? []) if (chunks.has(imported)) files.add(imported)
  const modules = [...files].flatMap((file) => Object.entries(chunks.get(file)?.modules ?? {}))
  return new Set(modules.filter(([, { renderedLength }]) => renderedLength > 0).map(([id]) => id))
}

/**
 * Gives what is imported on first use modules of its own, by another id, where it is not served by the first file.
 * @param {string} path
 * @param {string} importer
 * @param {boolean} isLazy
 */
function copies(path, importer, isLazy) {
  if (isLazy) return path === client ? path : `${path}?for=${moduleName(path)}`
  const owner = ownerOf(importer)
  if (!owner || atBeginning.has(path) || isOneOfAKind.test(readFileSync(path, 'utf8'))) return path
  return `${path}?for=${owner}`
}

/**
 * Whose modules a module imports: those of its own file, if it is neither at the beginning nor the client's.
 * @param {string} importer
 */
function ownerOf(importer) {
  const owner = /\?for=(.*)/.exec(importer)?.[1]
  if (owner || importer === entries[0] || atBeginning.has(importer) || ofClient.has(importer)) return owner
  return moduleName(importer)
}

/** @param {string} id */
function isExternal(id) {
  return !/^[./]/.test(id) && !opened.some(({ name }) => id === name || id === `${name}/internal`)
}

/** @param {{ message: string }} warning */
function refuse({ message }) {
  throw new Error(message)
}

/**
 * What a module is called: its path below `src`, or for what lies elsewhere a path that leads nowhere else.
 * @param {string} id
 */
function moduleName(id) {
  const path = relative(join(folder, 'src'), id.replace(/\?.*/, '')).split(sep).join('/')
  return path.replace(/\.\w+$/, '').replaceAll('../', '_/')
}

/**
 * @param {(path: string, importer: string, isLazy: boolean) => string} name
 * @returns {import('rollup').Plugin}
 */
function typescript(name) {
  const find = (/** @type {string} */ id, /** @type {string} */ importer) => {
    const owner = opened.find((one) => id === one.name || id === `${one.name}/internal`)
    if (owner) return join(owner.folder, 'src', id === owner.name ? 'index.ts' : 'internal.ts')
    const path = resolve(dirname(importer.replace(/\?.*/, '')), id)
    return existsSync(`${path}.ts`) ? `${path}.ts` : path
  }
  return {
    name: 'typescript',

    resolveId: (id, importer) =>
      importer && !isExternal(id) ? name(find(id, importer), importer, false) : null,

    resolveDynamicImport: (id, importer) =>
      typeof id === 'string' && !isExternal(id) ? name(find(id, importer), importer, true) : null,

    load(id) {
      const path = id.replace(/\?.*/, '')
      const text = readFileSync(path, 'utf8')
      // Of a manifest, the version is all that anybody wants.
      if (path.endsWith('.json')) return `export const version = ${JSON.stringify(JSON.parse(text).version)}`
      return transform(text, {
        loader: 'ts',
        target: 'es2022',
        sourcemap: true,
        sourcefile: path,
        tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true, useDefineForClassFields: true } },
      })
    },
  }
}

/**
 * An entry hands on names and holds nothing itself. esbuild counts all that an entry hands on as loaded with it, used or
 * not, unless each name is made anew in a file of its own.
 * @returns {import('rollup').Plugin}
 */
function narrowEntries() {
  return {
    name: 'narrow-entries',

    generateBundle(_, bundle) {
      const chunk = chunksOf(bundle).find(({ facadeModuleId }) => facadeModuleId === entries[0])
      if (!chunk) throw new Error('There is no entry to narrow')
      let count = 0
      chunk.code = chunk.code.replace(
        /^export \{ ([^}]*) \} from '([^']+)';$/gm,
        (_line, /** @type {string} */ list, /** @type {string} */ from) => {
          const names = list.split(', ').map((name) => name.split(' as '))
          const path = `exports/${basename(from, '.js')}-${++count}.js`
          const origin = from.startsWith('.') ? posix.join('..', from) : from
          const source = [
            `import { ${names.map(([inner, name = inner]) => `${inner} as ${name}$`).join(', ')} } from '${origin}';`,
            ...names.map(([inner, name = inner]) => `export const ${name} = ${name}$;`),
            '',
          ].join('\n')
          this.emitFile({ type: 'asset', fileName: path, source })
          return `export { ${names.map(([inner, name = inner]) => name).join(', ')} } from './${path}';`
        },
      )
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
