/**
 * Installs the dependencies when they are missing or no longer what the lockfile says: all there are, or what some packages
 * need to be built and to run. The latter are the `dependencies` of these packages and of the root.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fingerprint } from './fingerprint.mjs'
import { pnpm } from './pnpm.mjs'
import { CommandFailed } from './run.mjs'
import { readStamp, writeStamp } from './stamp.mjs'
import { readManifest, readWorkspace, root } from './workspace.mjs'

/** @typedef {import('./workspace.mjs').WorkspacePackage} WorkspacePackage */

/**
 * @param {(text: string) => void} [say] Hears what is about to happen.
 * @param {WorkspacePackage[]} [packages] The only ones that are needed now.
 * @returns {Promise<'installed' | 'present'>}
 */
export async function install(say = () => undefined, packages) {
  const wanted = wantedModules()
  const all = readWorkspace()
  if (readStamp('install') === wanted && all.every(hasModules)) return 'present'
  // Whoever has installed everything once goes on with everything: pnpm would remove the rest.
  const some = readStamp('install') === undefined ? packages : undefined
  if (some && readStamp('install-some') === wanted && some.every(hasModules)) return 'present'
  say(
    `Installing the dependencies${some ? ` of ${some.length} packages` : ''} with ${readManifest(root).packageManager} …`,
  )
  try {
    const filters = (some ?? []).flatMap(({ path }) => ['--filter', `./${path}`])
    const which = some ? ['--prod', '--filter', '.', ...filters] : []
    // Without the flag pnpm asks, and gives up where nobody can answer, before it replaces a foreign node_modules.
    await pnpm(['install', '--config.confirmModulesPurge=false', ...which], { live: true })
  } catch (cause) {
    if (!(cause instanceof CommandFailed)) throw cause
    throw new Error(
      `The dependencies could not be installed: ${cause.message}. Is the npm registry reachable?`,
      { cause },
    )
  }
  writeStamp(some ? 'install-some' : 'install', wanted)
  return 'installed'
}

/** @param {WorkspacePackage} one */
const hasModules = ({ folder, manifest }) =>
  !hasDependencies(manifest) || existsSync(join(folder, 'node_modules'))

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
