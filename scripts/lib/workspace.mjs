/** The workspace: where it lies and which packages are in it. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * @typedef {object} Manifest
 * @property {string} name
 * @property {string} version
 * @property {boolean} [private]
 * @property {string} [packageManager]
 * @property {{ node?: string }} [engines]
 * @property {Record<string, string>} [bin]
 * @property {Record<string, unknown>} [exports]
 * @property {Record<string, string>} [scripts]
 * @property {Record<string, string>} [dependencies]
 * @property {Record<string, string>} [devDependencies]
 */

/**
 * @typedef {object} WorkspacePackage
 * @property {string} name
 * @property {string} path From the root, with forward slashes.
 * @property {string} folder Absolute.
 * @property {Manifest} manifest
 * @property {string[]} dependsOn Names of the packages of this workspace that it needs at run time.
 */

export const root = join(dirname(fileURLToPath(import.meta.url)), '../..')

/**
 * @param {string} folder
 * @returns {Manifest}
 */
export const readManifest = (folder) => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))

/** @returns {WorkspacePackage[]} */
export function readWorkspace() {
  const found = packagePaths().map((path) => {
    const folder = join(root, path)
    return { path, folder, manifest: readManifest(folder) }
  })
  const names = new Set(found.map(({ manifest }) => manifest.name))
  return found.map((one) => ({
    ...one,
    name: one.manifest.name,
    dependsOn: Object.keys(one.manifest.dependencies ?? {}).filter((name) => names.has(name)),
  }))
}

/**
 * Some packages, and those of this workspace that they need at run time.
 * @param {string[]} paths
 * @returns {WorkspacePackage[]}
 */
export function neededBy(paths) {
  const packages = readWorkspace()
  const needed = new Set(packages.filter(({ path }) => paths.includes(path)))
  // A set is walked to its end, which moves while it grows.
  for (const { dependsOn } of needed) {
    for (const one of packages) if (dependsOn.includes(one.name)) needed.add(one)
  }
  return [...needed]
}

/** Every published package, each after the ones it depends on. */
export function readPublished() {
  return inDependencyOrder(readWorkspace().filter(({ manifest }) => !manifest.private))
}

/**
 * @param {WorkspacePackage[]} packages
 * @returns {WorkspacePackage[]}
 */
export function inDependencyOrder(packages) {
  const byName = new Map(packages.map((one) => [one.name, one]))
  const ordered = /** @type {Set<WorkspacePackage>} */ (new Set())
  const visit = (/** @type {WorkspacePackage} */ one) => {
    for (const name of one.dependsOn) {
      const dependency = byName.get(name)
      if (dependency) visit(dependency)
    }
    ordered.add(one)
  }
  packages.forEach(visit)
  return [...ordered]
}

// The list in pnpm-workspace.yaml is plain enough to be read before anything is installed.
function packagePaths() {
  const yaml = readFileSync(join(root, 'pnpm-workspace.yaml'), 'utf8')
  const list = /^packages:\n((?: +- .+\n)+)/m.exec(yaml)?.[1] ?? ''
  const patterns = [...list.matchAll(/- ['"]?([^'"\n]+)/g)].map((match) => String(match[1]))
  const paths = patterns.flatMap((pattern) => {
    if (!pattern.endsWith('/*')) return [pattern]
    const parent = pattern.slice(0, -2)
    return existsSync(join(root, parent))
      ? readdirSync(join(root, parent)).map((name) => `${parent}/${name}`)
      : []
  })
  return paths.filter((path) => existsSync(join(root, path, 'package.json'))).sort()
}
