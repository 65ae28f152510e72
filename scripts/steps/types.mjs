/** Types: every package that has a `types` script, and these scripts themselves. */
import { inParallel } from '../lib/in-parallel.mjs'
import { run, runTool } from '../lib/run.mjs'
import { readWorkspace } from '../lib/workspace.mjs'

/** @type {import('../lib/report.mjs').Step} */
export default async function types(report) {
  const typed = readWorkspace().filter(({ manifest }) => manifest.scripts?.types)
  const checks = [
    ...typed.map(({ name, folder }) => ({
      name,
      compile: () => run('npm', ['run', '--silent', 'types'], { cwd: folder }),
    })),
    { name: 'scripts', compile: () => runTool('tsc', ['-p', 'scripts']) },
  ]
  await inParallel(checks, ({ name, compile }) =>
    report.check(`types of ${name}`, async () => {
      await compile()
    }),
  )
}
