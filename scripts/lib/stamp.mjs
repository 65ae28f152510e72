/** Remembers, next to the installed modules, what a finished step was made from. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './workspace.mjs'

// Inside node_modules, so that deleting that folder forgets everything.
const folder = join(root, 'node_modules/.cache/sluice')

/** @param {string} name */
const fileOf = (name) => join(folder, name.replaceAll('/', '+'))

/** @param {string} name */
export function readStamp(name) {
  try {
    return readFileSync(fileOf(name), 'utf8')
  } catch {
    return undefined
  }
}

/**
 * @param {string} name
 * @param {string} content
 */
export function writeStamp(name, content) {
  mkdirSync(folder, { recursive: true })
  writeFileSync(fileOf(name), content)
}
