/** The modules of the browser library, and how they are read. */
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { transform } from 'esbuild'
import { rollup } from 'rollup'
import { readWorkspace, root } from './workspace.mjs'

export const folder = join(root, 'packages/browser')

export const source = (/** @type {string} */ name) => join(folder, 'src', name)

/** The client: it is loaded while the first events are sent, and applications may import it as well. */
export const client = source('complete.ts')

/** Packages of ours whose code becomes part of the library. */
const opened = readWorkspace().filter(({ name }) => name === '@sluice/core')

const keepsSomething =
  /^(export )?(let |const \w+(: [^=]+)? = (\/\*.*?\*\/ )?(new (Weak)?(Map|Set)\b|create\w+\(|Symbol\())/m

/**
 * Whether a module keeps something, or makes what is only equal to itself: there must be one of it on a page.
 * @param {string} path
 */
const isOneOfAKind = (path) => keepsSomething.test(readFileSync(path, 'utf8'))

/**
 * A module and all that it needs to begin with.
 * @param {string} entry
 */
export async function modulesOf(entry) {
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
 * Gives what is imported on first use modules of its own, by other ids, where the first file does not serve it.
 * @param {Set<string>} atBeginning Modules of the first file.
 * @param {Set<string>} ofClient
 * @param {string} [alone] Shares nothing, not even the first file.
 * @returns {(path: string, importer: string, isLazy: boolean) => string}
 */
export function copies(atBeginning, ofClient, alone) {
  const ownerOf = (/** @type {string} */ importer) => {
    const owner = /\?for=(.*)/.exec(importer)?.[1]
    if (owner || atBeginning.has(importer) || ofClient.has(importer)) return owner
    // What is in no file only hands on names, unless there must be one of it.
    return isOneOfAKind(importer) || importer === alone ? moduleName(importer) : undefined
  }
  return (path, importer, isLazy) => {
    if (isLazy) return path === client ? path : `${path}?for=${moduleName(path)}`
    const owner = ownerOf(importer)
    return !owner || atBeginning.has(path) || isOneOfAKind(path) ? path : `${path}?for=${owner}`
  }
}

/** @param {string} id */
export function isExternal(id) {
  return !/^[./]/.test(id) && !opened.some(({ name }) => id === name || id === `${name}/internal`)
}

/** @param {{ message: string }} warning */
export function refuse({ message }) {
  throw new Error(message)
}

/**
 * What a module is called: its path below `src`, or for what lies elsewhere a path that leads nowhere else.
 * @param {string} id
 */
export function moduleName(id) {
  const path = relative(join(folder, 'src'), id.replace(/\?.*/, '')).split(sep).join('/')
  return path.replace(/\.\w+$/, '').replaceAll('../', '_/')
}

/**
 * @param {(path: string, importer: string, isLazy: boolean) => string} name
 * @returns {import('rollup').Plugin}
 */
export function typescript(name) {
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
