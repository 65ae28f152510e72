/** The command `sluice-dev`: what `bin/sluice-dev.js` runs. */
import { runCli } from './cli/run-cli'

await runCli(process.argv)
