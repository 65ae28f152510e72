/** Installs the dependencies when they are missing or no longer what the lockfile says. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fingerprint } from './fingerprint.mjs'
import { pnpm } from './pnpm.mjs'
import { CommandFailed } from './run.mjs'
import { readStamp, writeStamp } from './stamp.mjs'
import { readWorkspace, root } from './workspace.mjs'

/** @returns {Promise<'installed' | 'present'>} */
export async function install() {
  if (isInstalled()) return 'present'
  try {
    // Without the flag pnpm asks, and gives up where nobody can answer, before it replaces a foreign node_modules.
    await pnpm(['install', '--config.confirmModulesPurge=false'], { live: true })
  } catch (cause) {
    if (!(cause instanceof CommandFailed)) throw cause
    throw new Error(
      `The dependencies could not be installed: ${cause.message}. Is the npm registry reachable?`,
      { cause },
    )
  }
  writeStamp('install', wantedModules())
  return 'installed'
}

function isInstalled() {
  const hasModules = readWorkspace().every(
    ({ folder, manifest }) => !hasDependencies(manifest) || existsSync(join(folder, 'node_modules')),
  )
  return hasModules && readStamp('install') === wantedModules()
}

/** @param {import('./workspace.mjs').Manifest} manifest */
const hasDependencies = ({ dependencies, devDependencies }) =>
  Object.keys({ ...dependencies, ...devDependencies }).length > 0

function wantedModules() {
  const manifests = [root, ...readWorkspace().map(({ folder }) => folder)]
  return fingerprint([
    join(root, 'pnpm-lock.yaml'),
    join(root, 'pnpm-workspace.yaml'),
    ...manifests.map((folder) => join(folder, 'package.json')),
  ])
}
