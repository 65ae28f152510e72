/** The examples, run as their readers run them. */
import { basename } from 'node:path'
import { run } from '../lib/run.mjs'
import { readWorkspace } from '../lib/workspace.mjs'
import { interruptStart } from './examples/interrupt-start.mjs'

/**
 * What is tried of each example. One that is missing here fails, so that none goes untried.
 * @type {Record<string, Record<string, () => Promise<unknown>>>}
 */
const trials = {
  'node-http': {
    'every event of the shop arrives once': async () => {
      const output = await run(process.execPath, ['scripts/start.mjs', '--once'])
      return /^delivered +([\d,]+)$/m.exec(output)?.[1] ?? ''
    },
    'SIGTERM ends the shop and its Tracking API': () => interruptStart('SIGTERM'),
    'Ctrl-C ends the shop and its Tracking API': () => interruptStart('SIGINT'),
  },
}

/** @type {import('../lib/report.mjs').Step} */
export default async function examples(report) {
  const names = readWorkspace().flatMap(({ path }) => (path.startsWith('examples/') ? [basename(path)] : []))
  for (const name of names) {
    const checks = Object.entries(trials[name] ?? {})
    if (checks.length === 0)
      await report.check(name, () => Promise.reject(new Error('nobody tries this example')))
    for (const [what, check] of checks) await report.check(`${name}: ${what}`, check)
  }
}
