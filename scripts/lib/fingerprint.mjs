/** One short text for the content of many files, to see whether anything changed. */
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'
import { root } from './workspace.mjs'

/**
 * @param {string[]} paths Files and folders; those that do not exist count as empty.
 * @param {(name: string) => boolean} [ignores] Names of files and folders to pass over.
 */
export function fingerprint(paths, ignores = () => false) {
  const hash = createHash('sha256')
  for (const file of paths.flatMap((path) => listFiles(path, ignores)).sort()) {
    hash.update(relative(root, file)).update('\0').update(readFileSync(file)).update('\0')
  }
  return hash.digest('hex').slice(0, 32)
}

/**
 * @param {string} path
 * @param {(name: string) => boolean} [ignores]
 * @returns {string[]}
 */
export function listFiles(path, ignores = () => false) {
  if (!existsSync(path)) return []
  if (!statSync(path).isDirectory()) return [path]
  return readdirSync(path)
    .filter((name) => !ignores(name))
    .flatMap((name) => listFiles(join(path, name), ignores))
}
