/** Builds the classic script of the browser library into its package: `dist/standalone`. Runs after the modules are built. */
import { join } from 'node:path'
import { buildStandalone } from './lib/build-standalone.mjs'
import { root } from './lib/workspace.mjs'

// No page of `npm start` has it.
if (process.env.SLUICE_BUILD !== 'start')
  await buildStandalone(join(root, 'packages/browser/dist/standalone'))
