/** Weighs a classic script and the chunks that it loads when they are needed, which lie next to it. */
import { readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { weighOne } from './measure-bundle.mjs'

/**
 * @param {string} file
 * @returns {Promise<import('./measure-bundle.mjs').Measured>}
 */
export async function measureFile(file) {
  const folder = dirname(file)
  const chunks = readdirSync(folder).filter((name) => name.endsWith('.js') && name !== basename(file))
  return {
    first: weighOne(readFileSync(file)),
    later: chunks.map((name) => ({
      name: name.replace(/^sluice-|-[\w-]{8}\.js$/g, ''),
      bytes: weighOne(readFileSync(join(folder, name))),
    })),
  }
}
