/** Runs steps one after the other and counts; a failing one does not hide the next. */
import { checkNode } from './check-node.mjs'
import { createReport } from './report.mjs'
import { endChildrenWithUs } from './run.mjs'
import { seconds } from './seconds.mjs'

/** In order; each has its module in `steps/`. Quick findings first, and what stands after `build` needs it. */
export const stepNames = [
  'install',
  'lint',
  'docs',
  'imports',
  'build',
  'types',
  'vitest',
  'sizes',
  'packages',
  'examples',
  'chromium',
  'engines',
]

/** When one of these fails there is nothing to run the others on. */
const foundations = ['install', 'build']

/**
 * @param {string[]} wanted
 * @returns {Promise<number>} The exit status.
 */
export async function runSteps(wanted) {
  checkNode()
  endChildrenWithUs()
  const report = createReport()
  const startedAt = performance.now()

  for (const name of withFoundations(wanted)) {
    const held = await runStep(name, report)
    if (!held && foundations.includes(name)) break
  }

  const { passed, failed } = report.count
  console.log(`\nAll of it took ${seconds(performance.now() - startedAt)}.`)
  console.log(`${passed} passed, ${failed} failed`)
  return failed > 0 ? 1 : 0
}

/** @param {string[]} wanted */
function withFoundations(wanted) {
  const needsBuild = wanted.some((name) => stepNames.indexOf(name) >= stepNames.indexOf('build'))
  const always = needsBuild ? foundations : ['install']
  return stepNames.filter((name) => wanted.includes(name) || always.includes(name))
}

/**
 * @param {string} name
 * @param {import('./report.mjs').Report} report
 * @returns {Promise<boolean>} Whether nothing failed.
 */
async function runStep(name, report) {
  console.log(`\n${name}`)
  const startedAt = performance.now()
  const failedBefore = report.count.failed
  try {
    // Loaded only now: a step may import tools that the installation has just brought.
    const { default: step } = await import(`../steps/${name}.mjs`)
    await step(report)
  } catch (cause) {
    await report.check(`the step ${name}`, () => Promise.reject(cause))
  }
  console.log(`  took ${seconds(performance.now() - startedAt)}`)
  return report.count.failed === failedBefore
}
