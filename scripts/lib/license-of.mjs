/** Whose code a package is, and under which terms it may be handed on. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * @param {string} folder Of the package.
 * @returns {string}
 */
export function licenseOf(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry))
  return [
    `${name} ${version} (${license})`,
    ...(file ? [readFileSync(join(folder, file), 'utf8').trim()] : []),
  ].join('\n\n')
}
