/** Dependencies, when they are missing or others than the lockfile's. */
import { install } from '../lib/install.mjs'

/** @type {import('../lib/report.mjs').Step} */
export default async function installStep(report) {
  await report.check('dependencies', install)
}
