/** Tools of other generations than ours, which applications are built and tested with: installed once, then kept. */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { run } from '../../lib/run.mjs'
import { root } from '../../lib/workspace.mjs'

const tools = {
  'jest-27': 'npm:jest@27.5.1',
  'jest-29': 'npm:jest@29.7.0',
  'jest-29-jsdom': 'npm:jest-environment-jsdom@29.7.0',
  'jest-30': 'npm:jest@30.2.0',
  'typescript-4.7': 'npm:typescript@4.7.4',
  'typescript-5.0': 'npm:typescript@5.0.4',
  'typescript-5.9': 'npm:typescript@5.9.3',
}

const cache = join(root, 'node_modules/.cache/sluice')
const name = `older-tools-${createHash('sha256').update(JSON.stringify(tools)).digest('hex').slice(0, 8)}`
const folder = join(cache, name)

export async function installOlderTools() {
  if (existsSync(folder)) return 'present'
  mkdirSync(cache, { recursive: true })
  for (const old of readdirSync(cache).filter((file) => file.startsWith('older-tools-'))) {
    rmSync(join(cache, old), { recursive: true, force: true })
  }
  // Under its own name only when it is complete.
  const unfinished = `${folder}-unfinished`
  mkdirSync(unfinished)
  writeFileSync(
    join(unfinished, 'package.json'),
    JSON.stringify({ name: 'older-tools', private: true, dependencies: tools }),
  )
  const quickly = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock', '--prefer-offline']
  await run('npm', ['install', ...quickly], { cwd: unfinished })
  renameSync(unfinished, folder)
  return 'installed'
}

/**
 * @param {string} project
 * @param {{ version: '27' | '29' | '30', environment: 'node' | 'jsdom', file: string }} test
 */
export async function runJest(project, { version, environment, file }) {
  const require = createRequire(join(folder, `node_modules/jest-${version}/package.json`))
  const config = {
    rootDir: project,
    testMatch: [join(project, file)],
    testEnvironment: require.resolve(
      version === '29' && environment === 'jsdom' ? 'jest-29-jsdom' : `jest-environment-${environment}`,
    ),
    transform: {},
    watchman: false,
    cacheDirectory: join(project, '.jest'),
  }
  const bin = join(folder, `node_modules/jest-${version}/bin/jest.js`)
  await run(process.execPath, [bin, '--ci', '--runInBand', '--config', JSON.stringify(config)], {
    cwd: project,
  })
}

/**
 * As projects do whose compiler does not read `exports`.
 * @param {string} project
 * @param {string} version
 * @param {string} file
 */
export async function compileWith(project, version, file) {
  const tsc = join(folder, `node_modules/typescript-${version}/bin/tsc`)
  const compilerOptions = {
    noEmit: true,
    strict: true,
    esModuleInterop: true,
    target: 'es2022',
    lib: ['es2022', 'dom'],
    module: 'commonjs',
    moduleResolution: 'node',
    types: [],
  }
  writeFileSync(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: [file] }))
  await run(process.execPath, [tsc, '-p', project], { cwd: project })
}
