/** Installs tarballs in an empty project with npm. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { run } from '../../lib/run.mjs'

/**
 * @param {string} project An empty folder.
 * @param {string[]} tarballs
 */
export async function installTarballs(project, tarballs) {
  writeFileSync(join(project, 'package.json'), JSON.stringify({ name: 'consumer', private: true }))
  const quickly = ['--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline']
  await run('npm', ['install', ...quickly, ...tarballs], { cwd: project })
}

/**
 * The names of all packages that a project has in the end.
 * @param {string} project
 * @returns {string[]}
 */
export function listInstalled(project) {
  const lock = JSON.parse(readFileSync(join(project, 'node_modules/.package-lock.json'), 'utf8'))
  return Object.keys(lock.packages).map((path) => path.replace(/.*node_modules\//, ''))
}
