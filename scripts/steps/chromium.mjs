/**
 * The browser library in a real Chromium: pages that are left, killed, put to sleep and cut off, and real destinations
 * and clients beside Segment's library.
 */
import { bringChromium, chromiumVersion } from '../lib/chromium.mjs'
import { runVitest } from './vitest.mjs'

const ours = 'packages/browser/test-chromium/vitest.config.ts'
const besideSegment = ['compat/destinations/vitest.config.ts', 'compat/clients/vitest.config.ts']

/** @type {import('../lib/report.mjs').Step} */
export default async function chromium(report) {
  let path = ''
  const found = await report.check('a Chromium to test with', async () => {
    path = await bringChromium(report.say)
    return `${await chromiumVersion(path)}, ${path}`
  })
  if (!found) return
  process.env.CHROMIUM_PATH = path
  // Pages wait more than they compute: two browsers have room on two cores.
  await Promise.all([
    runVitest(report, ['--config', ours]),
    (async () => {
      for (const config of besideSegment) await runVitest(report, ['--config', config], { live: false })
    })(),
  ])
}
