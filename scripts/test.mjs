/**
 * `npm test`: runs everything there is to check and ends with one line, `N passed, N failed`.
 *
 * `npm test -- --only lint,vitest` runs some of the steps.
 */
import { parseArgs } from 'node:util'
import { endWithParent } from './lib/end-with-parent.mjs'
import { runSteps, stepNames } from './lib/run-steps.mjs'

endWithParent()
const { values } = parseArgs({ options: { only: { type: 'string' } } })
const wanted = values.only?.split(',') ?? stepNames
const unknown = wanted.filter((name) => !stepNames.includes(name))
if (unknown.length > 0) {
  console.error(`There is no step ${unknown.join(', ')}. The steps are ${stepNames.join(', ')}.`)
  process.exit(1)
}
process.exitCode = await runSteps(stepNames.filter((name) => wanted.includes(name)))
