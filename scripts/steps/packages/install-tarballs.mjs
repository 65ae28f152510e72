/** Installs tarballs in an empty project with npm, and sees what came along. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { run } from '../../lib/run.mjs'

/**
 * @param {string} project An empty folder.
 * @param {string[]} tarballs
 * @param {string[]} [allowed] All the packages that may be there in the end; without it, anything may.
 * @throws when others came along.
 */
export async function installTarballs(project, tarballs, allowed) {
  writeFileSync(join(project, 'package.json'), JSON.stringify({ name: 'consumer', private: true }))
  await run(
    'npm',
    ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline', ...tarballs],
    {
      cwd: project,
    },
  )
  const lock = JSON.parse(readFileSync(join(project, 'node_modules/.package-lock.json'), 'utf8'))
  const installed = Object.keys(lock.packages).map((path) => path.replace(/.*node_modules\//, ''))
  const strangers = allowed ? installed.filter((name) => !allowed.includes(name)) : []
  if (strangers.length > 0) throw new Error(`installs ${strangers.join(', ')} too`)
  return `${installed.length} packages installed`
}
