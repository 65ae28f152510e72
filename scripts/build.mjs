/** `npm run build`: installs if needed, then builds what changed. */
import { runSteps } from './lib/run-steps.mjs'

process.exitCode = await runSteps(['build'])
