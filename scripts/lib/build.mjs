/** Builds the packages whose sources changed, each after the ones it is made from, whole or as far as `npm start` needs it. */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fingerprint } from './fingerprint.mjs'
import { run } from './run.mjs'
import { readStamp, writeStamp } from './stamp.mjs'
import { inDependencyOrder, readWorkspace, root } from './workspace.mjs'

/**
 * @typedef {import('./workspace.mjs').WorkspacePackage} WorkspacePackage
 * @typedef {{ name: string, status: 'begun' | 'built' | 'unchanged', ms: number }} Progress
 *
 * @typedef {object} Scope
 * @property {WorkspacePackage[]} packages
 * @property {boolean} forStart Only what `npm start` needs of them: no types, no classic script.
 */

/** @type {Scope} */
const everything = { packages: readWorkspace(), forStart: false }

/**
 * @param {(progress: Progress) => void} onProgress
 * @param {Scope} [scope]
 * @throws {import('./run.mjs').CommandFailed} of the first build that fails, once all others have ended.
 */
export async function buildPackages(onProgress, scope = everything) {
  const packages = inDependencyOrder(scope.packages.filter(({ manifest }) => manifest.scripts?.build))
  /** @type {Map<string, Promise<void>>} */
  const builds = new Map()
  for (const one of packages) {
    const needed = one.dependsOn.map((name) => builds.get(name))
    builds.set(
      one.name,
      Promise.all(needed).then(() => buildPackage(one, packages, scope.forStart, onProgress)),
    )
  }
  const outcomes = await Promise.allSettled(builds.values())
  const failed = outcomes.find((outcome) => outcome.status === 'rejected')
  if (failed) throw failed.reason
}

/**
 * @param {WorkspacePackage} one
 * @param {WorkspacePackage[]} packages
 * @param {boolean} forStart
 * @param {(progress: Progress) => void} onProgress
 */
async function buildPackage(one, packages, forStart, onProgress) {
  const { name } = one
  const startedAt = performance.now()
  const sources = sourcesOf(one, packages)
  const stamp = () => `${sources} ${fingerprint([join(one.folder, 'dist')])}`
  // A whole build has what `npm start` needs as well.
  const stamps = [`build-${name}`, ...(forStart ? [`start-${name}`] : [])]
  if (existsSync(join(one.folder, 'dist')) && stamps.some((made) => readStamp(made) === stamp())) {
    return onProgress({ name, status: 'unchanged', ms: performance.now() - startedAt })
  }
  onProgress({ name, status: 'begun', ms: 0 })
  const env = /** @type {Record<string, string>} */ (forStart ? { SLUICE_BUILD: 'start' } : {})
  await run('npm', ['run', '--silent', 'build'], { cwd: one.folder, env })
  writeStamp(`${forStart ? 'start' : 'build'}-${name}`, stamp())
  onProgress({ name, status: 'built', ms: performance.now() - startedAt })
}

/**
 * What a build is made from: the package, what is bundled into its types, and the tools.
 * @param {WorkspacePackage} one
 * @param {WorkspacePackage[]} packages
 * @returns {string}
 */
function sourcesOf(one, packages) {
  const own = fingerprint(
    [one.folder, ...sharedSettings()],
    (name) => ['node_modules', 'dist', 'test', 'coverage'].includes(name) || /\.md$|\.test\.ts$/.test(name),
  )
  const needed = packages.filter(({ name }) => one.dependsOn.includes(name))
  return [own, ...needed.map((dependency) => sourcesOf(dependency, packages))].join('-')
}

/** What every build is made with, beside the packages: the rules of the compiler, the tools and their versions. */
const sharedSettings = () => [
  join(root, 'scripts/add-commonjs.mjs'),
  join(root, 'scripts/build-browser.mjs'),
  join(root, 'scripts/build-standalone.mjs'),
  join(root, 'scripts/bundle-packages.mjs'),
  join(root, 'scripts/lib/build-standalone.mjs'),
  ...readdirSync(root)
    .filter((name) => /^ts(config|up)\.|^pnpm-lock/.test(name))
    .map((name) => join(root, name)),
]
