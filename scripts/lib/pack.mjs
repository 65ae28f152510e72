/** Packs what we publish, as npm would get it. */
import { join } from 'node:path'
import { pnpm } from './pnpm.mjs'

/** @typedef {import('./workspace.mjs').WorkspacePackage} WorkspacePackage */

/**
 * @param {WorkspacePackage[]} packages Built already.
 * @param {string} folder Where the tarballs go.
 * @returns {Promise<Map<string, string>>} Their paths by the names of the packages.
 */
export async function packPackages(packages, folder) {
  const filters = packages.flatMap(({ path }) => ['--filter', `./${path}`])
  await pnpm([...filters, '--recursive', 'pack', '--pack-destination', folder])
  return new Map(
    packages.map(({ name, manifest }) => [name, join(folder, tarballName(name, manifest.version))]),
  )
}

/**
 * As npm and pnpm name it.
 * @param {string} name
 * @param {string} version
 */
const tarballName = (name, version) => `${name.replace('@', '').replace('/', '-')}-${version}.tgz`
