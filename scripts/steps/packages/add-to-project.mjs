/** Packages brought into an application from this repository, by the command that README names. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { run } from '../../lib/run.mjs'

/**
 * @param {string} project
 * @param {import('../../lib/report.mjs').Report} report
 */
export async function addToProject(project, report) {
  mkdirSync(project, { recursive: true })
  writeFileSync(join(project, 'package.json'), JSON.stringify({ name: 'my-app', private: true }))
  await report.check(
    'npm run add-to brings @sluice/node and what it needs, and brings it again',
    async () => {
      for (let times = 0; times < 2; times++)
        await run('npm', ['run', 'add-to', '--', project, '@sluice/node'])
      await run('npm', ['ci', '--no-audit', '--no-fund'], { cwd: project })
      const use =
        "import { Analytics } from '@sluice/node'; new Analytics({ writeKey: 'key', disable: true })"
      await run(process.execPath, ['--input-type=module', '--eval', use], { cwd: project })
    },
  )
}
