/** Builds `@sluice/browser/no-remote` into the package of the browser library. Runs after the modules are built. */
import { join } from 'node:path'
import { buildNoRemote } from './lib/build-no-remote.mjs'
import { root } from './lib/workspace.mjs'

// Nothing of `npm start` has it.
if (process.env.SLUICE_BUILD !== 'start') await buildNoRemote(join(root, 'packages/browser/dist'))
