import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

/** The folder of this package, with a slash at its end. */
export const packageFolder = fileURLToPath(new URL('../..', import.meta.url))

export interface Bundle {
  /** What is loaded first. */
  readonly code: string
  /** The modules that are loaded first, by their path. */
  readonly modules: string[]
  /** The modules that are loaded when they are needed. */
  readonly laterModules: string[]
  /** What is imported from outside of the bundle. */
  readonly external: string[]
}

/**
 * Bundles `code`, which may import `@sluice/node`, for a runtime that resolves packages by `conditions`: as an ES module
 * whose lazy parts are files of their own, or as one script.
 */
export async function bundle(
  code: string,
  conditions: string[],
  kind: 'split' | 'module' | 'script',
): Promise<Bundle> {
  const { outputFiles, metafile } = await build({
    stdin: { contents: code, resolveDir: packageFolder, sourcefile: 'entry.js' },
    absWorkingDir: packageFolder,
    bundle: true,
    conditions,
    format: kind === 'script' ? 'iife' : 'esm',
    splitting: kind === 'split',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    target: 'es2022',
    external: ['node:*'],
    outdir: 'bundle',
    write: false,
    metafile: true,
    logLevel: 'silent',
  })
  const { outputs } = metafile
  const entry = Object.keys(outputs).find((path) => outputs[path]?.entryPoint === 'entry.js') ?? ''
  const first = new Set([entry])
  for (const path of first) {
    for (const { path: imported, kind } of outputs[path]?.imports ?? []) {
      if (kind === 'import-statement' && imported in outputs) first.add(imported)
    }
  }
  const modulesOf = (paths: string[]) => paths.flatMap((path) => Object.keys(outputs[path]?.inputs ?? {}))
  return {
    code: outputFiles.find(({ path }) => path.endsWith(entry))?.text ?? '',
    modules: modulesOf([...first]),
    laterModules: modulesOf(Object.keys(outputs).filter((path) => !first.has(path))),
    external: Object.values(outputs).flatMap(({ imports }) =>
      imports.filter(({ external }) => external).map(({ path }) => path),
    ),
  }
}
