/** Builds, of the packages whose sources changed. */
import { buildPackages } from '../lib/build.mjs'
import { seconds } from '../lib/seconds.mjs'

/** @type {import('../lib/report.mjs').Step} */
export default async function build(report) {
  await report.check('packages', () =>
    buildPackages(({ name, status, ms }) =>
      report.say(status === 'begun' ? `${name} …` : `${name} ${status} (${seconds(ms)})`),
    ),
  )
}
