/**
 * Size budgets: what an application pays for an import, minified and compressed, at once and later; and what a page pays
 * that the library is put on by a script element.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../lib/workspace.mjs'
import { measureBundle } from './sizes/measure-bundle.mjs'
import { measureFile } from './sizes/measure-file.mjs'
import { measureSnippet } from './sizes/measure-snippet.mjs'

/**
 * @typedef {object} Limit
 * @property {string} name
 * @property {number} maxGzipBytes Of what is loaded at once.
 * @property {number} [maxCompleteGzipBytes] Of that and the chunk `client`: all that a page loads until its client is complete.
 *
 * @typedef {Limit & { file: string }} FileBudget A file of a package, as a path from the root.
 * @typedef {Limit & { snippet: import('./sizes/measure-snippet.mjs').SnippetOptions }} SnippetBudget
 *
 * @typedef {Limit & Bundle} BundleBudget
 *
 * @typedef {object} Bundle
 * @property {string} code What the application imports.
 * @property {string} from The package that imports it, as a path from the root.
 * @property {'node' | 'browser'} platform
 * @property {string[]} conditions Of `exports`, beyond the platform's own.
 */

/** @type {import('../lib/report.mjs').Step} */
export default async function sizes(report) {
  /** @type {(BundleBudget | FileBudget | SnippetBudget)[]} */
  const budgets = JSON.parse(readFileSync(join(root, 'scripts/size-budgets.json'), 'utf8'))
  for (const budget of budgets) {
    await report.check(`size of ${budget.name}`, async () => {
      const { first, later } = await measure(budget)
      const { maxGzipBytes, maxCompleteGzipBytes = Number.POSITIVE_INFINITY } = budget
      const client = later.find(({ name }) => name === 'client')
      const complete = first.gzip + (client?.bytes.gzip ?? 0)
      const size = [
        `${kilobytes(first.gzip)} gzipped of ${kilobytes(maxGzipBytes)}`,
        ...(client ? [`${kilobytes(complete)} of ${kilobytes(maxCompleteGzipBytes)} with the client`] : []),
        `${kilobytes(first.brotli)} brotli`,
        `${kilobytes(first.minified)} minified`,
        ...later.map(({ name, bytes }) => `later ${name} ${kilobytes(bytes.gzip)}`),
      ].join(', ')
      if (first.gzip > maxGzipBytes || complete > maxCompleteGzipBytes)
        throw new Error(`over budget: ${size}`)
      return size
    })
  }
}

/** @param {BundleBudget | FileBudget | SnippetBudget} budget */
function measure(budget) {
  if ('file' in budget) return measureFile(join(root, budget.file))
  return 'snippet' in budget ? measureSnippet(budget.snippet) : measureBundle(budget)
}

/** @param {number} bytes */
const kilobytes = (bytes) => `${(bytes / 1000).toFixed(2)} KB`
