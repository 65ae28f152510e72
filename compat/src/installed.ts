import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { build } from 'esbuild'

const compat = fileURLToPath(new URL('..', import.meta.url))
const packages = join(compat, '../packages')

/** A folder in which Node finds our Node package as an application would, made from its sources. */
export async function installSluice(): Promise<{ folder: string; remove(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-compat-'))
  const installed = join(folder, 'node_modules/@sluice/node')
  await mkdir(installed, { recursive: true })
  await cp(join(packages, 'node/package.json'), join(installed, 'package.json'))
  for (const [format, file] of [
    ['esm', 'index.js'],
    ['cjs', 'index.cjs'],
  ] as const) {
    await build({
      entryPoints: [join(packages, 'node/src/index.ts')],
      outfile: join(installed, 'dist', file),
      bundle: true,
      platform: 'node',
      target: 'es2022',
      format,
      alias: {
        '@sluice/core': join(packages, 'core/src/index.ts'),
        '@sluice/core/internal': join(packages, 'core/src/internal.ts'),
      },
      logLevel: 'silent',
    })
  }
  return { folder, remove: () => rm(folder, { recursive: true }) }
}

/** The folder in which Node finds the libraries of the peer. */
export const segmentFolder = compat

/** Runs a small program with Node and returns what it printed, or the first line of how it failed. */
export async function runNode(folder: string, type: 'module' | 'commonjs', program: string): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [`--input-type=${type}`, '-e', program], {
      cwd: folder,
    })
    return stdout.trim()
  } catch (error) {
    return /^\w+Error: .*$/m.exec(String(error))?.[0] ?? String(error)
  }
}
