/** The examples, run as their readers run them. */
import { basename } from 'node:path'
import { run } from '../lib/run.mjs'
import { readWorkspace } from '../lib/workspace.mjs'
import { interruptStart } from './examples/interrupt-start.mjs'
import { visitMuseum } from './examples/visit-museum.mjs'
import { visitOnce } from './examples/visit-once.mjs'

/**
 * What is tried of each example. One that is missing here fails, so that none goes untried.
 * @type {Record<string, Record<string, () => Promise<unknown>>>}
 */
const trials = {
  'node-http': {
    'every event of npm start arrives once': async () => {
      const output = await run(process.execPath, ['scripts/start.mjs', '--once'])
      return [...output.matchAll(/^delivered +([\d,]+)$/gm)].map(([, count]) => count).join(' and ')
    },
    'SIGTERM ends the shop, the reading list and their Tracking API': () => interruptStart('SIGTERM'),
    'Ctrl-C ends the shop, the reading list and their Tracking API': () => interruptStart('SIGINT'),
  },
  'web-bundler': {
    'every event of a visit arrives once, with its page, name and ids': visitOnce,
  },
  'web-snippet': {
    'every event of a visit arrives once, under a strict policy, and the console hears nothing': visitMuseum,
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
