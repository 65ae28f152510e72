/**
 * `npm start`: the whole of it at work. A shop with visitors and a reading list with a reader tell a local Tracking API
 * what happens there; tables say what became of every event; then all of it stays up to be looked at, until Ctrl-C.
 *
 * `npm start -- --once` ends after the tables: with 0 when every event arrived, and arrived once.
 */
import { parseArgs } from 'node:util'
import { buildPackages } from './lib/build.mjs'
import { checkNode } from './lib/check-node.mjs'
import { endWithParent } from './lib/end-with-parent.mjs'
import { install } from './lib/install.mjs'
import { CommandFailed, endChildrenWithUs } from './lib/run.mjs'
import { seconds } from './lib/seconds.mjs'
import { neededBy } from './lib/workspace.mjs'
import { runExamples } from './run-examples.mjs'

/** What is at work here; what these need comes along. */
const shown = ['examples/node-http', 'examples/web-bundler', 'packages/dev-server']

checkNode()
endWithParent()
const { values } = parseArgs({
  options: {
    once: { type: 'boolean', default: false },
    visitors: { type: 'string', default: '60' },
    seed: { type: 'string', default: '7' },
  },
})

console.log('First the dependencies and the packages, when they are missing or have changed.')
const stopEndingChildren = endChildrenWithUs()
try {
  const packages = neededBy(shown)
  await install((text) => console.log(text), packages)
  await buildPackages(
    ({ name, status, ms }) => {
      if (status === 'begun') console.log(`Building ${name} …`)
      if (status === 'built') console.log(`${name} is built, in ${seconds(ms)}`)
    },
    { packages, forStart: true },
  )
} catch (cause) {
  console.error(cause instanceof Error ? cause.message : cause)
  if (cause instanceof CommandFailed) console.error(cause.output)
  process.exit(1)
}
stopEndingChildren()

process.exitCode = await runExamples(values)
