/** `npm run types`: compiles every package and these scripts without writing anything. */
import { runSteps } from './lib/run-steps.mjs'

process.exitCode = await runSteps(['types'])
