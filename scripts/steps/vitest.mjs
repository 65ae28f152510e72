/** Unit, contract and integration tests; Vitest prints, we take over its counts. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CommandFailed, runTool } from '../lib/run.mjs'

/**
 * The part of Vitest's JSON report that is read here.
 * @typedef {object} Results
 * @property {number} numPassedTests
 * @property {number} numFailedTests
 * @property {{ status: string, assertionResults: unknown[] }[]} testResults One for each file.
 */

/** @type {import('../lib/report.mjs').Step} */
export default (report) => runVitest(report)

/**
 * Runs Vitest and takes over its counts.
 * @param {import('../lib/report.mjs').Report} report
 * @param {string[]} [args]
 * @param {{ live?: boolean }} [options] `live: false` shows the output at the end, for a run beside others.
 */
export async function runVitest(report, args = [], { live = true } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-vitest-'))
  const file = join(folder, 'results.json')
  try {
    const ended = await runTool(
      'vitest',
      ['run', ...args, '--reporter=dot', '--reporter=json', `--outputFile.json=${file}`],
      { live },
    ).then(
      (output) => ({ output, isWell: true }),
      (cause) =>
        cause instanceof CommandFailed ? { output: cause.output, isWell: false } : Promise.reject(cause),
    )
    if (!live) console.log(ended.output)
    const { passed, failed } = existsSync(file) ? countResults(file) : { passed: 0, failed: 0 }
    // An error outside of any test, or no test at all, is a failure that the counts do not show.
    const unseen = !ended.isWell && failed === 0 ? 1 : 0
    report.add(passed, failed + unseen)
    report.say(`${passed} tests passed, ${failed + unseen} failed`)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** @param {string} file */
function countResults(file) {
  const results = /** @type {Results} */ (JSON.parse(readFileSync(file, 'utf8')))
  // A file that could not be loaded has no tests in it to fail.
  const unloaded = results.testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
  )
  return { passed: results.numPassedTests, failed: results.numFailedTests + unloaded.length }
}
