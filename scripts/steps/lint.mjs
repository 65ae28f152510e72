/** Formatting, import order and lint rules, over the whole repository. */
import { runTool } from '../lib/run.mjs'

/** @type {import('../lib/report.mjs').Step} */
export default async function lint(report) {
  await report.check('biome ci .', async () => {
    await runTool('biome', ['ci', '--colors=off', '.'])
  })
}
