/** Whatever comes along when a package is installed runs on every Node that the package promises, the oldest first of all. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { minVersion, satisfies } from 'semver'

/**
 * @param {string} project Where it is installed.
 * @param {string} name
 */
export function checkEngines(project, name) {
  const { packages } = /** @type {{ packages: Record<string, { engines?: { node?: string } }> }} */ (
    JSON.parse(readFileSync(join(project, 'node_modules/.package-lock.json'), 'utf8'))
  )
  const oldest = minVersion(packages[`node_modules/${name}`]?.engines?.node ?? '*')
  if (!oldest) throw new Error(`${name} promises no Node`)
  const asksForMore = Object.entries(packages).flatMap(([path, { engines }]) =>
    satisfies(oldest, engines?.node ?? '*') ? [] : [`${path} asks for Node ${engines?.node}`],
  )
  if (asksForMore.length > 0) throw new Error(asksForMore.join('\n'))
  return `${Object.keys(packages).length} packages on Node ${oldest}`
}
